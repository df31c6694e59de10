import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { connectClient } from '../../../src/postgres/connect.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { type BlockRun, blockProject, errorOf, inputOf, outputsOf } from './run-block.ts';

const project = blockProject();
let database: TestDatabase;
let client: Client;
let trips: BlockRun;

beforeAll(async () => {
  database = await testDatabase();
  client = await connectClient(database.config, { applicationName: 'test' });
  const { host, port, user, database: name } = database.config;
  project.write(
    'project/io_config.yaml',
    `version: 0.1.1
dev:
  POSTGRES_HOST: ${host}
  POSTGRES_PORT: ${port}
  POSTGRES_USER: ${user}
  POSTGRES_PASSWORD: "{{ env_var('TEST_PASSWORD') }}"
  POSTGRES_DBNAME: ${name}
  POSTGRES_SCHEMA: landing
`,
  );
  trips = await project.run(`import { sql, transformer } from 'wand';
    export default transformer(() => sql\`select i as TripID, i * 1.5::DOUBLE as fare, case when i % 2 = 0 then 'even' end as kind,
      timestamp '2021-01-01' + i * interval 1 minute as at, 1.50::decimal(9,2) as price from range(5000) t(i) order by i\`);`);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});
beforeEach(() =>
  client
    .query('DROP SCHEMA IF EXISTS landing CASCADE; DROP SCHEMA IF EXISTS "Odd ""one""" CASCADE')
    .then(() => undefined),
);

let runs = 100;
const exportTrips = (options: string, changes = {}) => {
  runs += 1;
  return project.run(
    `import { exporter, exportTable } from 'wand';\nexport default exporter(({ inputs: [trips] }) => exportTable(trips, ${options}));`,
    {
      blockType: 'data_exporter',
      inputs: [inputOf(trips)],
      environment: { TEST_PASSWORD: database.config.password },
      marker: { state: 's', runId: String(runs), block: 'b', attempt: 1, lostAttempts: [] },
      ...changes,
    },
  );
};
const count = async (table: string): Promise<number> =>
  (await client.query(`SELECT count(*)::int AS n FROM ${table}`)).rows[0].n;

it('makes schema and table with fitting types, loads the rows, and hands on the table itself', async () => {
  const run = await exportTrips(`{ profile: 'dev', table: 'trips', snakeCase: true }`);
  expect(outputsOf(run)).toMatchObject([
    {
      name: 'output_0',
      kind: 'relation',
      path: null,
      rows: 5000,
      relation: { profile: 'dev', schema: 'landing', table: 'trips' },
    },
  ]);
  const { rows } = await client.query(
    `SELECT column_name || ' ' || data_type AS c FROM information_schema.columns WHERE table_schema = 'landing' ORDER BY ordinal_position`,
  );
  expect(rows.map(({ c }) => c)).toEqual([
    'trip_id smallint',
    'fare double precision',
    'kind text',
    'at timestamp without time zone',
    'price numeric',
  ]);
  const sums = await client.query(
    `SELECT sum(trip_id)::int AS ids, sum(fare) AS fares, count(kind)::int AS kinds, max(at)::text AS at, max(price)::text AS price FROM landing.trips`,
  );
  expect(sums.rows[0]).toEqual({
    ids: 12_497_500,
    fares: 18_746_250,
    kinds: 2500,
    at: '2021-01-04 11:19:00',
    price: '1.50',
  });
});

it('replaces by deleting rows, so that the table and what hangs on it stay', async () => {
  await exportTrips(`{ profile: 'dev', table: 'trips' }`);
  await client.query('CREATE VIEW landing.seen AS SELECT fare FROM landing.trips');
  outputsOf(await exportTrips(`{ profile: 'dev', table: 'trips', ifExists: 'replace' }`));
  expect(await count('landing.seen')).toBe(5000);
  outputsOf(await exportTrips(`{ profile: 'dev', table: 'trips', ifExists: 'append' }`));
  expect(await count('landing.trips')).toBe(10_000);
  expect(errorOf(await exportTrips(`{ profile: 'dev', table: 'trips', ifExists: 'fail' }`))).toMatchObject({
    type: 'table-exists',
  });
});

it('refuses a table with other columns, naming them and the way out; dropTable is that way', async () => {
  await client.query('CREATE SCHEMA landing; CREATE TABLE landing.trips ("TripID" int, old text)');
  expect(errorOf(await exportTrips(`{ profile: 'dev', table: 'trips' }`))).toMatchObject({
    type: 'table-columns',
    message: 'table landing.trips has no column fare, kind, at, price (it has TripID, old)',
    fix: expect.stringContaining('dropTable: true'),
  });
  outputsOf(await exportTrips(`{ profile: 'dev', table: 'trips', dropTable: true }`));
  expect(await count('landing.trips')).toBe(5000);
});

it('takes names that need quotes, and types that are asked for', async () => {
  outputsOf(
    await exportTrips(
      `{ profile: 'dev', schema: 'Odd "one"', table: 'Trips; --', types: { TripID: 'numeric(12, 3)', kind: 'varchar(10)' } }`,
    ),
  );
  const { rows } = await client.query(`SELECT max("TripID")::text AS most FROM "Odd ""one"""."Trips; --"`);
  expect(rows).toEqual([{ most: '4999.000' }]);
  expect(
    errorOf(await exportTrips(`{ profile: 'dev', table: 't', types: { TripID: 'int); DROP TABLE x; --' } }`)),
  ).toMatchObject({ type: 'bad-type' });
  expect(errorOf(await exportTrips(`{ profile: 'dev', table: 't', types: { nope: 'int' } }`))).toMatchObject({
    type: 'unknown-column',
  });
});

it('leaves nothing of a failed export', async () => {
  const error = errorOf(await exportTrips(`{ profile: 'dev', table: 'trips', types: { fare: 'int' } }`));
  expect(error.message).toMatch(/column fare \(int4\) cannot hold 1\.5/);
  expect((await client.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'landing'`)).rowCount).toBe(0);
});

it('is done once: an attempt after a lost one adopts what that one committed', async () => {
  const marker = { state: 's', runId: '777', block: 'b' };
  outputsOf(
    await exportTrips(`{ profile: 'dev', table: 'trips', ifExists: 'append' }`, {
      marker: { ...marker, attempt: 1, lostAttempts: [] },
    }),
  );
  const again = await exportTrips(`{ profile: 'dev', table: 'trips', ifExists: 'append' }`, {
    marker: { ...marker, attempt: 2, lostAttempts: [1] },
  });
  expect(outputsOf(again)).toMatchObject([{ kind: 'relation', rows: 5000 }]);
  expect(await count('landing.trips')).toBe(5000);
});

it('names profile, file and way out when the database cannot be reached or the profile is missing', async () => {
  expect(errorOf(await exportTrips(`{ profile: 'none', table: 't' }`))).toMatchObject({
    type: 'profile-missing',
    file: expect.stringContaining('io_config.yaml'),
  });
  expect(
    errorOf(await exportTrips(`{ profile: 'dev', table: 't' }`, { environment: { TEST_PASSWORD: 'wrong' } })),
  ).toMatchObject({ type: 'database-login' });
});

it('exports a query as well as an input', async () => {
  const run = await project.run(
    `import { exporter, exportTable, sql } from 'wand';
    export default exporter(({ inputs: [trips] }) => exportTable(sql\`select count(*) as n from \${trips}\`, { profile: 'dev', table: 'counts' }));`,
    {
      blockType: 'data_exporter',
      inputs: [inputOf(trips)],
      environment: { TEST_PASSWORD: database.config.password },
    },
  );
  expect(outputsOf(run)).toMatchObject([{ kind: 'relation', rows: 1 }]);
  expect((await client.query('SELECT * FROM landing.counts')).rows).toEqual([{ n: 5000 }]);
});
