import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findExecutable } from '../../src/blocks/child/executable.ts';
import { type PlaceDatabases, placeDatabases } from '../support/place-databases.ts';
import { type RunningProgram, type Surroundings, surroundings } from '../support/program.ts';
import { until } from '../support/until.ts';
import { entry, pipelineFile, rawSql, writeProject } from '../support/write-project.ts';
import { type Relay, startRelay } from './relay.ts';

/** A block that appends and sleeps in its transaction; and two that run in different places, the second on what the first made. */
const files: Record<string, string> = {
  ...pipelineFile('appends', entry({ uuid: 'append', type: 'data_exporter', language: 'sql', rest: rawSql })),
  'data_exporters/append.sql': 'insert into cut_rows select generate_series(1, 1000);\nselect pg_sleep(3);\n',
  ...pipelineFile(
    'apart',
    entry({
      uuid: 'here',
      type: 'data_loader',
      language: 'typescript',
      downstream: ['there'],
      rest: 'executor_config: {worker_tags: [outside]}',
    }),
    entry({
      uuid: 'there',
      type: 'data_exporter',
      language: 'typescript',
      upstream: ['here'],
      rest: 'executor_config: {worker_tags: [inside]}',
    }),
  ),
  'data_loaders/here.ts':
    "import { loader, sql } from 'wand';\nexport default loader(() => sql`select range as n from range(1000)`);\n",
  'data_exporters/there.ts': `import { exporter, json, queryValue, sql } from 'wand';
export default exporter(async ({ inputs: [rows] }) => json({ sum: Number(await queryValue(sql\`select sum(n) from \${rows}\`)) }));
`,
};

describe('the way between a worker and Postgres', () => {
  let place: Surroundings;
  let databases: PlaceDatabases;
  let state: pg.Client;
  let data: pg.Client;
  const relays: Relay[] = [];
  const workers: RunningProgram[] = [];
  beforeAll(async () => {
    place = await surroundings();
    place.environment.WAND_HUNG_AFTER = '8';
    writeProject(place, 'network', files);
    databases = await placeDatabases(place);
    ({ state, data } = databases);
    await data.query('create table cut_rows (n int)');
  });
  afterAll(async () => {
    for (const worker of workers) worker.process.kill('SIGTERM');
    await Promise.all(workers.map(({ ended }) => ended));
    await databases?.close();
    await Promise.all(relays.map((relay) => relay.close()));
    await place.close();
  });

  const through = async (host = '127.0.0.1'): Promise<{ relay: Relay; url: string }> => {
    const url = new URL(place.environment.WAND_DATABASE_URL!);
    const relay = await startRelay({ host: url.hostname, port: Number(url.port) }, host);
    relays.push(relay);
    url.hostname = host;
    url.port = String(relay.port);
    return { relay, url: url.href };
  };
  const hostAlone = (host: string, url?: string): NodeJS.ProcessEnv => ({
    WAND_HOST: host,
    WAND_HOME: join(place.root, `home of ${host}`),
    ...(url ? { WAND_DATABASE_URL: url } : {}),
  });
  const isThere = (host: string) =>
    until(`the worker of ${host}`, async () => {
      return (await state.query('select from wand.worker where host = $1', [host])).rowCount === 1;
    });
  const completed = (pipeline: string) =>
    until(`the end of ${pipeline}`, async () => {
      const { rows } = await state.query<{ status: string }>('select status from wand.run where pipeline = $1', [
        pipeline,
      ]);
      return rows[0]!.status === 'completed';
    });
  const attempts = async (pipeline: string): Promise<string[]> => {
    const { rows } = await state.query<{ is: string }>(
      `select a.worker_host || ' ' || a.status as is from wand.attempt a join wand.block_run b on b.id = a.block_run_id
       join wand.run r on r.id = b.run_id where r.pipeline = $1 order by b.position, a.attempt`,
      [pipeline],
    );
    return rows.map(({ is }) => is);
  };

  test('is cut: the block is done once, by another worker; the one that was cut off finds that out and goes on', async () => {
    const { relay, url } = await through();
    workers.push(place.start(['worker', '--concurrency', '1'], { environment: hostAlone('cut', url) }));
    await isThere('cut');
    await place.ok(['run', 'network/appends', '--detach']);
    await until('the sleeping block', () => databases.isUnderWay('pg_sleep(3)'));
    relay.cut();
    workers.push(place.start(['worker', '--concurrency', '1'], { environment: hostAlone('whole') }));
    await completed('appends');
    expect(await attempts('appends')).toEqual(['cut lost', 'whole completed']);
    relay.heal();
    await until('both workers', async () => (await state.query('select from wand.worker')).rowCount === 2);
    expect(await attempts('appends')).toEqual(['cut lost', 'whole completed']);
    expect((await data.query('select count(*)::int as n from cut_rows')).rows).toEqual([{ n: 1000 }]);
  });

  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });
  const canSeparate = ((): string | null => {
    if (!isRoot || !findExecutable('ip', process.env)) return 'needs root on Linux, and ip on the PATH';
    try {
      const probe = `wand-probe-${process.pid}`;
      ip('netns', 'add', probe);
      ip('netns', 'del', probe);
      return null;
    } catch (error) {
      return `no network namespaces here: ${String(error).split('\n')[0]}`;
    }
  })();

  test.skipIf(canSeparate !== null)(
    `leads out of a network namespace: outputs reach the worker inside${canSeparate ? ` (skipped: ${canSeparate})` : ''}`,
    async () => {
      const name = `wand${process.pid % 10_000}`;
      // A net of its own for each process: another checkout may be at the same.
      const net = `10.213.${process.pid % 250}`;
      const last = (Math.floor(process.pid / 250) % 60) * 4;
      const [outside, inside] = [`${net}.${last + 1}`, `${net}.${last + 2}`];
      ip('netns', 'add', name);
      try {
        ip('link', 'add', `${name}o`, 'type', 'veth', 'peer', 'name', `${name}i`);
        ip('link', 'set', `${name}i`, 'netns', name);
        ip('addr', 'add', `${outside}/30`, 'dev', `${name}o`);
        ip('link', 'set', `${name}o`, 'up');
        for (const args of [
          ['addr', 'add', `${inside}/30`, 'dev', `${name}i`],
          ['link', 'set', `${name}i`, 'up'],
        ]) {
          ip('-n', name, ...args);
        }
        const { url } = await through(outside);
        const separate = place.startIn(
          ['ip', 'netns', 'exec', name],
          ['worker', '--concurrency', '1', '--tag', 'inside'],
          {
            environment: hostAlone('inside', url),
          },
        );
        const near = place.start(['worker', '--concurrency', '1', '--tag', 'outside'], {
          environment: hostAlone('outside'),
        });
        await isThere('inside');
        await isThere('outside');
        await place.ok(['run', 'network/apart', '--detach']);
        await completed('apart');
        expect(await attempts('apart')).toEqual(['outside completed', 'inside completed']);
        for (const worker of [separate, near]) worker.process.kill('SIGTERM');
        await Promise.all([separate.ended, near.ended]);
      } finally {
        ip('netns', 'del', name);
      }
    },
  );
});
