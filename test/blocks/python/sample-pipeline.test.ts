import { cpSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPythonBlock } from '../../../src/blocks/python/run-python-block.ts';
import { packageRoot } from '../../../src/home/package-root.ts';
import type { BlockResult } from '../../../src/model/block-task.ts';
import { connectClient } from '../../../src/postgres/connect.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { blockContext } from '../child/context.ts';
import { describePython, inputsOf, testPython } from './run-block.ts';

const source = join(packageRoot(), 'fixtures', 'yellow_taxi_sample.csv.gz');

describePython('the Python blocks of the sample pipeline api_to_postgres', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database?.drop());

  test('load, filter and export the sample: the table has every trip with a passenger', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'wand-sample-')));
    const project = join(folder, 'taxi');
    cpSync(join(packageRoot(), 'projects', 'taxi'), project, { recursive: true });
    const { host, port, user, password, database: name } = database.config;
    const environment = {
      ...(process.env as Record<string, string>),
      WAND_PYTHON: testPython(),
      POSTGRES_DBNAME: name,
      POSTGRES_SCHEMA: 'ny_taxi',
      POSTGRES_USER: user,
      POSTGRES_PASSWORD: password,
      POSTGRES_HOST: host,
      POSTGRES_PORT: String(port),
    };
    const run = async (type: string, uuid: string, inputs: Record<string, BlockResult>) => {
      const { context } = blockContext(
        {
          blockUuid: uuid,
          blockType: type,
          file: join(project, `${type}s`, `${uuid}.py`),
          projectPath: project,
          workingDirectory: folder,
          outputFolder: mkdtempSync(join(folder, 'output-')),
          inputs: inputsOf(inputs),
          variables: { source },
        },
        { environment },
      );
      const result = await runPythonBlock(context);
      if (result.status === 'failed') throw new Error(result.error.traceback ?? result.error.message);
      return result;
    };
    const loaded = await run('data_loader', 'load_api_data', {});
    const kept = await run('transformer', 'transform_taxi_data', { load_api_data: loaded });
    const exported = await run('data_exporter', 'taxi_data_to_postgres', { transform_taxi_data: kept });

    const trips = parse(gunzipSync(readFileSync(source)), { columns: true }) as Record<string, string>[];
    const withPassengers = trips.filter((trip) => Number(trip.passenger_count) > 0);
    expect([loaded.rows, kept.rows, exported.rows]).toEqual([
      trips.length,
      withPassengers.length,
      withPassengers.length,
    ]);
    expect([...loaded.tests, ...kept.tests].map(({ passed }) => passed)).toEqual([true, true]);

    const client = await connectClient(database.config, { applicationName: 'test' });
    const { rows } = await client.query(
      'SELECT count(*)::int AS trips, round(sum(total_amount)::numeric, 2)::float AS total FROM ny_taxi.yellow_taxi_data',
    );
    const types = await client.query(
      "SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_name = 'yellow_taxi_data' ORDER BY ordinal_position",
    );
    await client.end();
    const total = withPassengers.reduce((sum, trip) => sum + Math.round(Number(trip.total_amount) * 100), 0) / 100;
    expect(rows).toEqual([{ trips: withPassengers.length, total }]);
    expect(Object.fromEntries(types.rows.map(({ name: column, type }) => [column, type]))).toMatchObject({
      vendorid: 'smallint',
      tpep_pickup_datetime: 'timestamp without time zone',
      passenger_count: 'smallint',
      trip_distance: 'double precision',
      store_and_fwd_flag: 'text',
      pulocationid: 'smallint',
      congestion_surcharge: 'double precision',
    });
  });
});
