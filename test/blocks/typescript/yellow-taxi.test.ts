import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../../src/home/package-root.ts';
import type { BlockInput } from '../../../src/model/block-task.ts';
import { connectClient } from '../../../src/postgres/connect.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { type BlockRun, blockProject, inputOf, outputsOf, rowsOf } from './run-block.ts';

// The TypeScript blocks of the sample pipeline, against a count in plain JavaScript over the same file.
const project = blockProject();
const taxi = join(packageRoot(), 'projects', 'taxi');
let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await testDatabase();
  client = await connectClient(database.config, { applicationName: 'test' });
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const runSample = (
  folder: string,
  blockUuid: string,
  blockType: string,
  inputs: BlockInput[] = [],
): Promise<BlockRun> => {
  const { host, port, user, password, database: name } = database.config;
  return project.run('', {
    file: join(taxi, folder, `${blockUuid}.ts`),
    projectPath: taxi,
    workingDirectory: join(packageRoot(), 'projects'),
    blockUuid,
    blockType,
    inputs,
    variables: { source: '../fixtures/yellow_taxi_sample.csv.gz', zones: '../fixtures/taxi_zone_lookup.csv' },
    environment: {
      POSTGRES_HOST: host,
      POSTGRES_PORT: String(port),
      POSTGRES_USER: user,
      POSTGRES_PASSWORD: password,
      POSTGRES_DBNAME: name,
      POSTGRES_SCHEMA: 'public',
    },
    marker: { state: 's', runId: 'sample', block: blockUuid, attempt: 1, lostAttempts: [] },
  });
};

it('loads, cleans and exports the sample as its pipeline says', async () => {
  const lines = gunzipSync(readFileSync(join(packageRoot(), 'fixtures', 'yellow_taxi_sample.csv.gz')))
    .toString()
    .trimEnd()
    .split('\n')
    .slice(1);
  const trips = lines.map((line) => line.split(','));
  const kept = trips.filter((trip) => trip[3] !== '0');
  const sum = (column: number): number => kept.reduce((total, trip) => total + Number(trip[column]), 0);

  const loaded = await runSample('data_loaders', 'load_trips', 'data_loader');
  expect(outputsOf(loaded)).toMatchObject([{ rows: trips.length }]);
  const cleaned = await runSample('transformers', 'clean_trips', 'transformer', [inputOf(loaded, 'load_trips')]);
  expect(outputsOf(cleaned)).toMatchObject([{ rows: kept.length }]);
  expect(cleaned.result.tests).toEqual([{ name: 'no trip without passengers is left', passed: true, message: null }]);
  expect(cleaned.log.map(({ text }) => text)).toContain(
    `dropping ${trips.length - kept.length} of ${trips.length} trips: passenger_count = 0`,
  );
  const exported = await runSample('data_exporters', 'export_trips', 'data_exporter', [
    inputOf(cleaned, 'clean_trips'),
  ]);
  expect(outputsOf(exported)).toMatchObject([
    { kind: 'relation', relation: { profile: 'dev', schema: 'ny_taxi', table: 'yellow_cab_data' } },
  ]);

  const { rows } =
    await client.query(`SELECT count(*)::int AS trips, count(vendor_id)::int AS vendors, count(passenger_count)::int AS counted, round(sum(total_amount)::numeric, 2)::float AS total,
    round(sum(trip_distance)::numeric, 2)::float AS miles, min(tpep_pickup_datetime)::text AS first, max(tpep_dropoff_datetime)::text AS last, sum(pu_location_id)::int AS zones
    FROM ny_taxi.yellow_cab_data`);
  expect(rows[0]).toEqual({
    trips: kept.length,
    vendors: kept.filter((trip) => trip[0] !== '').length,
    counted: kept.filter((trip) => trip[3] !== '').length,
    total: Number(sum(16).toFixed(2)),
    miles: Number(sum(4).toFixed(2)),
    first: kept.map((trip) => trip[1]!).toSorted()[0],
    last: kept
      .map((trip) => trip[2]!)
      .toSorted()
      .at(-1),
    zones: sum(7),
  });
  const report = await rowsOf(
    await runSample('transformers', 'quality_report', 'transformer', [inputOf(cleaned, 'clean_trips')]),
  );
  expect(report).toContainEqual([
    'passengers_not_counted',
    kept.filter((trip) => trip[3] === '').length,
    expect.any(Number),
  ]);
  expect(report).toContainEqual([
    'negative_total',
    kept.filter((trip) => Number(trip[16]) < 0).length,
    expect.any(Number),
  ]);
});

it('loads all zones', async () => {
  const zones = await runSample('data_loaders', 'load_zones', 'data_loader');
  const rows = await rowsOf(zones);
  expect(rows).toHaveLength(265);
  expect(rows[131]).toEqual([132, 'Queens', 'JFK Airport', 'Airports']);
  expect(rows[264]).toEqual([265, null, 'Outside of NYC', null]);
});
