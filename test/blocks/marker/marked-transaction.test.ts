import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withMarkedTransaction } from '../../../src/blocks/marker/marked-transaction.ts';
import { pruneMarkers } from '../../../src/blocks/marker/prune-markers.ts';
import type { CommitMarker } from '../../../src/model/block-task.ts';
import type { StoredOutput } from '../../../src/model/output.ts';
import { connectClient } from '../../../src/postgres/connect.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

let database: TestDatabase;
let client: Client;
const clients: Client[] = [];

const connect = async (): Promise<Client> => {
  const made = await connectClient(database.config, { applicationName: 'test' });
  clients.push(made);
  return made;
};

const marker = (attempt: number, lostAttempts: number[] = [], runId = '7'): CommitMarker => ({
  state: 'state-a',
  runId,
  block: 'load',
  attempt,
  lostAttempts,
});

const output: StoredOutput = { name: 'output_0', kind: 'json', path: '/tmp/x.json', rows: 2, columns: null, bytes: 3 };
const done = { outputs: [output], rows: 2 };
const insertTwo = async (): Promise<typeof done> => {
  await client.query('INSERT INTO t VALUES (1), (2)');
  return done;
};
const countRows = async (): Promise<number> => (await client.query('SELECT count(*)::int AS n FROM t')).rows[0].n;

beforeAll(async () => {
  database = await testDatabase();
  client = await connect();
});

afterAll(async () => {
  await Promise.all(clients.map((each) => each.end().catch(() => undefined)));
  await database.drop();
});

beforeEach(async () => {
  await client.query('DROP TABLE IF EXISTS t; CREATE TABLE t (n int); DROP SCHEMA IF EXISTS wand_data CASCADE');
});

describe('withMarkedTransaction', () => {
  it('commits the work and its marker together', async () => {
    expect(await withMarkedTransaction(client, marker(1), insertTwo)).toEqual({ ...done, adopted: false });
    expect(await countRows()).toBe(2);
    const { rows } = await client.query(
      'SELECT state, run_id, block, attempt, rows, outputs FROM wand_data.wand_commit',
    );
    expect(rows).toEqual([{ state: 'state-a', run_id: '7', block: 'load', attempt: 1, rows: '2', outputs: [output] }]);
  });

  it('leaves neither data nor marker when the work fails', async () => {
    const failing = withMarkedTransaction(client, marker(1), async () => {
      await client.query('INSERT INTO t VALUES (1)');
      throw new Error('no more');
    });
    await expect(failing).rejects.toThrow('no more');
    expect(await countRows()).toBe(0);
    expect((await client.query('SELECT 1 FROM wand_data.wand_commit')).rowCount).toBe(0);
  });

  it('fails when a swallowed error has aborted the transaction, instead of reporting a commit', async () => {
    const swallowing = withMarkedTransaction(client, marker(1), async () => {
      await client.query('INSERT INTO t VALUES (1)');
      await client.query('SELECT 1 / 0').catch(() => undefined);
      return done;
    });
    await expect(swallowing).rejects.toThrow();
    expect(await countRows()).toBe(0);
  });

  it('adopts what a lost attempt had committed, and does not work again', async () => {
    await withMarkedTransaction(client, marker(1), insertTwo);
    expect(await withMarkedTransaction(client, marker(2, [1]), insertTwo)).toEqual({ ...done, adopted: true });
    expect(await countRows()).toBe(2);
  });

  it('works again when the earlier attempt was not lost, or another run committed it', async () => {
    await withMarkedTransaction(client, marker(1), insertTwo);
    expect((await withMarkedTransaction(client, marker(2), insertTwo)).adopted).toBe(false);
    expect((await withMarkedTransaction(client, marker(3, [1], '8'), insertTwo)).adopted).toBe(false);
    expect(await countRows()).toBe(6);
  });

  it('refuses an attempt that was given up and comes after its successor has committed', async () => {
    await withMarkedTransaction(client, marker(2, [1]), insertTwo);
    await expect(withMarkedTransaction(client, marker(1), insertTwo)).rejects.toMatchObject({ code: 'superseded' });
    expect(await countRows()).toBe(2);
  });

  it('takes any text as the names of state, run and block', async () => {
    const odd = { state: "a'b", runId: '\\', block: 'x"y; --', attempt: 1, lostAttempts: [] };
    await withMarkedTransaction(client, odd, insertTwo);
    const again = { ...odd, attempt: 2, lostAttempts: [1] };
    expect((await withMarkedTransaction(client, again, insertTwo)).adopted).toBe(true);
  });

  it('ends the transaction of a predecessor that was given up, and runs the work', async () => {
    const predecessor = await connect();
    const { promise: working, resolve: begun } = Promise.withResolvers<void>();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const first = withMarkedTransaction(predecessor, marker(1), async () => {
      await predecessor.query('INSERT INTO t VALUES (1), (2)');
      begun();
      // It hangs, with its transaction open.
      await held;
      return done;
    });
    await working;
    expect((await withMarkedTransaction(client, marker(2, [1]), insertTwo)).adopted).toBe(false);
    release();
    await expect(first).rejects.toThrow();
    expect(await countRows()).toBe(2);
  });

  it('runs the work when the predecessor is killed before its commit', async () => {
    const predecessor = await connect();
    const first = withMarkedTransaction(predecessor, marker(1), async () => {
      await predecessor.query('INSERT INTO t VALUES (1), (2)');
      const { rows } = await predecessor.query('SELECT pg_backend_pid() AS pid');
      await client.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
      await predecessor.query('SELECT 1');
      return done;
    });
    await expect(first).rejects.toThrow();
    expect((await withMarkedTransaction(client, marker(2, [1]), insertTwo)).adopted).toBe(false);
    expect(await countRows()).toBe(2);
  });

  it('says commit-unknown when the connection is lost while committing', async () => {
    const losing = await connect();
    const query = losing.query.bind(losing) as (...given: unknown[]) => Promise<unknown>;
    losing.query = (async (...given: unknown[]) => {
      const text = String(given[0]);
      if (text.startsWith('INSERT INTO wand_data') && text.endsWith(';COMMIT')) {
        await query(given[0]);
        throw new Error('Connection terminated unexpectedly');
      }
      return query(...given);
    }) as unknown as typeof losing.query;
    const first = withMarkedTransaction(losing, marker(1), async () => {
      await losing.query('INSERT INTO t VALUES (1), (2)');
      return done;
    });
    await expect(first).rejects.toMatchObject({ code: 'commit-unknown' });
    expect((await withMarkedTransaction(client, marker(2, [1]), insertTwo)).adopted).toBe(true);
    expect(await countRows()).toBe(2);
  });

  describe('work that only asks', () => {
    const asking = { onlyAsks: true };
    const nothing = async () => ({ outputs: [], rows: 0 });

    it('leaves its transaction open and no marker if it wrote nothing', async () => {
      await withMarkedTransaction(client, marker(1), async () => done);
      const result = await withMarkedTransaction(client, marker(1, [], '9'), nothing, undefined, asking);
      expect(result).toEqual({ outputs: [], rows: 0, adopted: false });
      await client.query('COMMIT');
      expect((await client.query("SELECT 1 FROM wand_data.wand_commit WHERE run_id = '9'")).rowCount).toBe(0);
    });

    it('is committed with its marker if it wrote after all', async () => {
      await withMarkedTransaction(client, marker(1), async () => done);
      await withMarkedTransaction(client, marker(1, [], '9'), insertTwo, undefined, asking);
      expect(await countRows()).toBe(2);
      expect((await client.query("SELECT 1 FROM wand_data.wand_commit WHERE run_id = '9'")).rowCount).toBe(1);
    });

    it('writes nothing once a later attempt has committed', async () => {
      await withMarkedTransaction(client, marker(2, [1]), async () => done);
      const late = withMarkedTransaction(client, marker(1), insertTwo, undefined, asking);
      await expect(late).rejects.toMatchObject({ code: 'superseded' });
      expect(await countRows()).toBe(0);
    });

    it('is looked for as any other when an attempt before it was lost', async () => {
      await withMarkedTransaction(client, marker(1), insertTwo);
      const next = await withMarkedTransaction(client, marker(2, [1]), insertTwo, undefined, asking);
      expect(next.adopted).toBe(true);
      expect(await countRows()).toBe(2);
    });
  });

  it('lets many blocks that come first create the marker table at once', async () => {
    const many = await Promise.all(Array.from({ length: 8 }, connect));
    const results = await Promise.all(
      many.map((each, index) => withMarkedTransaction(each, marker(1, [], String(index)), async () => done)),
    );
    expect(results.map(({ adopted }) => adopted)).toEqual(many.map(() => false));
    expect((await client.query('SELECT 1 FROM wand_data.wand_commit')).rowCount).toBe(8);
  });

  it('runs at-least-once, with one warning, for a role that may not create the schema', async () => {
    await client.query(
      `DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN PASSWORD 'secret'; GRANT SELECT ON t TO reader`,
    );
    const config = { ...database.config, user: 'reader', password: 'secret' };
    const reader = await connectClient(config, { applicationName: 'test' });
    clients.push(reader);
    const lines: string[] = [];
    const result = await withMarkedTransaction(
      reader,
      marker(1),
      async () => ({ outputs: [], rows: (await reader.query('SELECT * FROM t')).rowCount }),
      ({ level, text }) => lines.push(`${level}: ${text}`),
    );
    expect(result).toEqual({ outputs: [], rows: 0, adopted: false });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^warning: .*role reader may not create schema wand_data.*at-least-once/);
  });

  it('runs in a read-only session', async () => {
    const reader = await connect();
    await reader.query('SET default_transaction_read_only = on');
    const lines: string[] = [];
    const result = await withMarkedTransaction(
      reader,
      marker(1),
      async () => done,
      ({ text }) => lines.push(text),
    );
    expect(result.adopted).toBe(false);
    expect(lines.join()).toContain('read-only');
  });
});

describe('pruneMarkers', () => {
  it('deletes only the markers of that state and those runs', async () => {
    for (const runId of ['1', '2', '3']) await withMarkedTransaction(client, marker(1, [], runId), async () => done);
    await withMarkedTransaction(client, { ...marker(1, [], '1'), state: 'state-b' }, async () => done);
    expect(await pruneMarkers(client, { state: 'state-a', runIds: ['1', '2'] })).toBe(2);
    const { rows } = await client.query('SELECT state, run_id FROM wand_data.wand_commit ORDER BY state, run_id');
    expect(rows).toEqual([
      { state: 'state-a', run_id: '3' },
      { state: 'state-b', run_id: '1' },
    ]);
  });

  it('deletes by age, and nothing without a condition', async () => {
    await withMarkedTransaction(client, marker(1), async () => done);
    expect(await pruneMarkers(client, { state: 'state-a' })).toBe(0);
    expect(await pruneMarkers(client, { state: 'state-a', olderThan: new Date(0) })).toBe(0);
    expect(await pruneMarkers(client, { state: 'state-a', olderThan: new Date(Date.now() + 60_000) })).toBe(1);
  });
});
