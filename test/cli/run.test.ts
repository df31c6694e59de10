import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chartsShape } from '../../src/cli/shapes/chart.ts';
import { runsShape, snapshotShape } from '../../src/cli/shapes/run.ts';
import { type Surroundings, surroundings } from '../support/program.ts';

describe('wand run yellow_taxi', () => {
  let place: Surroundings;
  let trips: string[][];
  beforeAll(async () => {
    place = await surroundings();
    const csv = gunzipSync(readFileSync(join(place.root, 'fixtures', 'yellow_taxi_sample.csv.gz'))).toString();
    trips = csv
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
  });
  afterAll(() => place.close());

  const query = async (sql: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: place.environment.WAND_TEST_DATA_URL });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };

  test('loads the fixture and says the rows of each block, as an independent count finds them', async () => {
    const { code, stdout, stderr } = await place.wand(['run', 'yellow_taxi', '--json']);
    expect(stderr).toContain('load_trips');
    expect(code).toBe(0);
    const { run, blocks } = snapshotShape.parse(JSON.parse(stdout));
    expect(run).toMatchObject({ status: 'completed', project: 'taxi', pipeline: 'yellow_taxi' });
    const rowsOf = Object.fromEntries(blocks.map(({ uuid, rows }) => [uuid, rows]));
    const kept = trips.filter((trip) => trip[3] !== '0' && trip[3] !== '0.0').length;
    expect(rowsOf).toMatchObject({ load_trips: trips.length, clean_trips: kept, export_trips: kept });
    expect(blocks.every(({ duration_ms }) => duration_ms !== null && duration_ms >= 0)).toBe(true);
    const [counted] = await query(
      'select count(*)::int as rows, count(*) filter (where passenger_count = 0)::int as empty from ny_taxi.yellow_cab_data',
    );
    expect(counted).toEqual({ rows: kept, empty: 0 });
  });

  test('shows the run, its log, its rows and the table afterwards', async () => {
    const { runs } = runsShape.parse(JSON.parse((await place.wand(['runs', 'yellow_taxi', '--json'])).stdout));
    const id = runs[0]!.id;
    const shown = snapshotShape.parse(JSON.parse((await place.wand(['show', id, '--json'])).stdout));
    expect(shown.run.id).toBe(id);
    const page = JSON.parse((await place.wand(['preview', id, 'clean_trips', '--limit', '3', '--json'])).stdout);
    expect(page.rows).toHaveLength(3);
    expect(page.row_count).toBe(shown.blocks.find(({ uuid }) => uuid === 'clean_trips')!.rows);
    const table = JSON.parse(
      (await place.wand(['preview', 'ny_taxi.yellow_cab_data', '-C', 'projects/taxi', '--json'])).stdout,
    );
    expect(table.row_count).toBe(page.row_count);
    const lines = (await place.wand(['logs', id, '--json'])).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(new Set(lines.map(({ block }) => block)).has('load_trips')).toBe(true);
  });

  test('draws its chart over the rows of the run', async () => {
    const { charts } = chartsShape.parse(JSON.parse((await place.wand(['chart', 'yellow_taxi', '--json'])).stdout));
    const counted = await query(
      'select borough, trips::float8 as trips from ny_taxi.trips_per_borough order by borough collate "C"',
    );
    expect(charts).toMatchObject([
      {
        uuid: 'borough_chart',
        reason: null,
        chart: {
          kind: 'bars',
          x: counted.map(({ borough }) => [borough]),
          series: [{ name: 'sum of trips', values: counted.map(({ trips }) => trips) }],
        },
      },
    ]);
    expect((await place.wand(['chart', 'yellow_taxi', 'borough_chart'])).stdout).toMatch(/Manhattan █+ [\d,]+/);
    expect(await place.wand(['chart', 'yellow_taxi', 'nope'])).toMatchObject({ code: 2 });
  });

  test('runs a part of it again on the outputs of the last run', async () => {
    const { code, stdout } = await place.wand(['run', 'yellow_taxi', '--from', 'export_trips', '--json']);
    expect(code).toBe(0);
    const { run, blocks } = snapshotShape.parse(JSON.parse(stdout));
    expect(run.parent_run_id).not.toBeNull();
    const reused = blocks.filter(({ reused_from }) => reused_from === run.parent_run_id).map(({ uuid }) => uuid);
    expect(reused).toContain('clean_trips');
    expect(reused).not.toContain('export_trips');
  });

  test('leaves a detached run to the background worker', async () => {
    const { code, stdout } = await place.wand(['run', 'yellow_taxi', '--detach', '--json']);
    expect(code).toBe(0);
    const { run } = snapshotShape.parse(JSON.parse(stdout));
    expect(run.status).toBe('initial');
    const followed = await place.wand(['logs', run.id, '-f']);
    expect(followed.code).toBe(0);
    expect(JSON.parse((await place.wand(['show', run.id, '--json'])).stdout).run.status).toBe('completed');
  });

  test('exits 1 and names file and way out when a block fails', async () => {
    const { code, stdout, stderr } = await place.wand([
      'run',
      'yellow_taxi',
      '--var',
      'source=/nowhere/trips.csv.gz',
      '--json',
    ]);
    expect(code).toBe(1);
    const { run, blocks } = snapshotShape.parse(JSON.parse(stdout));
    expect(run.status).toBe('failed');
    const failed = blocks.find(({ status }) => status === 'failed')!;
    expect(failed.uuid).toBe('load_trips');
    expect(failed.error!.message).toContain('/nowhere/trips.csv.gz');
    expect(stderr).toContain('/nowhere/trips.csv.gz');
    expect(blocks.find(({ uuid }) => uuid === 'export_trips')!.status).toBe('cancelled');
  });
});
