import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { snapshotShape } from '../../src/cli/shapes/run.ts';
import { type PlaceDatabases, placeDatabases } from '../support/place-databases.ts';
import { type RunningProgram, type Surroundings, surroundings } from '../support/program.ts';
import { until } from '../support/until.ts';
import { entry, pipelineFile, rawSql, writeProject } from '../support/write-project.ts';

const rows = 300_000;
const onHost = (tags: string): string => `executor_config: {worker_tags: ${tags}}`;

/** `make` runs where the tag is left; `count` (TypeScript) and `load` (SQL) read its rows where the tag is right. */
const files: Record<string, string> = {
  ...pipelineFile(
    'far',
    entry({
      uuid: 'make',
      type: 'data_loader',
      language: 'typescript',
      downstream: ['count', 'load'],
      rest: onHost('left'),
    }),
    entry({
      uuid: 'count',
      type: 'transformer',
      language: 'typescript',
      upstream: ['make'],
      rest: onHost('[right]'),
    }),
    entry({
      uuid: 'load',
      type: 'data_exporter',
      language: 'sql',
      upstream: ['make'],
      rest: `${onHost('[right]')}, ${rawSql}`,
    }),
  ),
  // Incompressible, so that it is several pieces.
  'data_loaders/make.ts': `import { loader, sql } from 'wand';
export default loader(() => sql\`select range as n, md5(range::varchar) as word from range(${rows})\`);
`,
  'transformers/count.ts': `import { json, queryValue, sql, transformer } from 'wand';
export default transformer(async ({ inputs: [made] }) =>
  json({ n: Number(await queryValue(sql\`select sum(n) from \${made}\`)), last: await queryValue(sql\`select max(word) from \${made}\`) }));
`,
  'data_exporters/load.sql': 'select count(*) as n, count(distinct word) as words from {{ df_1 }};\n',
};

describe('two hosts with folders of their own', () => {
  let place: Surroundings;
  let databases: PlaceDatabases;
  let state: pg.Client;
  const workers: RunningProgram[] = [];
  beforeAll(async () => {
    place = await surroundings();
    writeProject(place, 'apart', files);
    databases = await placeDatabases(place);
    ({ state } = databases);
  });
  afterEach(async () => {
    for (const worker of workers) worker.process.kill('SIGTERM');
    await Promise.all(workers.splice(0).map(({ ended }) => ended));
    await state.query('delete from wand.output_file');
  });
  afterAll(async () => {
    await databases?.close();
    await place.close();
  });

  const homeOf = (host: string): string => join(place.root, `home of ${host}`);
  const startHost = async (host: string, environment: NodeJS.ProcessEnv = {}): Promise<void> => {
    const own = { WAND_HOME: homeOf(host), WAND_HOST: host, ...environment };
    workers.push(place.start(['worker', '--concurrency', '2', '--tag', host], { environment: own }));
    await until(`the worker of ${host}`, async () => {
      return (await state.query('select from wand.worker where host = $1', [host])).rowCount === 1;
    });
  };
  const submit = async (): Promise<string> => {
    const { stdout, stderr } = await place.wand(['run', 'apart/far', '--detach', '--json']);
    expect(stderr).not.toContain('wand:');
    return snapshotShape.parse(JSON.parse(stdout)).run.id;
  };
  const show = async (id: string) => snapshotShape.parse(JSON.parse((await place.wand(['show', id, '--json'])).stdout));
  const ended = (id: string) =>
    until(`the end of run ${id}`, async () => {
      const { rows: found } = await state.query<{ status: string }>('select status from wand.run where id = $1', [id]);
      return !['initial', 'running'].includes(found[0]!.status);
    });
  const hostsOf = async (id: string): Promise<Record<string, string>> => {
    const { rows: found } = await state.query<{ uuid: string; host: string }>(
      `select b.uuid, a.worker_host as host from wand.attempt a join wand.block_run b on b.id = a.block_run_id where b.run_id = $1`,
      [id],
    );
    return Object.fromEntries(found.map(({ uuid, host }) => [uuid, host]));
  };
  const counts = async (id: string) =>
    (await show(id)).blocks.map(({ uuid, status, rows: count, error }) => [
      uuid,
      status,
      count,
      error?.message ?? null,
    ]);

  test('run blocks where their tags say, and hand outputs on through Postgres', async () => {
    await startHost('left');
    await startHost('right');
    const id = await submit();
    await ended(id);
    expect(await counts(id)).toEqual([
      ['make', 'completed', rows, null],
      ['count', 'completed', null, null],
      ['load', 'completed', 1, null],
    ]);
    expect(await hostsOf(id)).toEqual({ make: 'left', count: 'right', load: 'right' });
    const { rows: identity } = await state.query<{ id: string }>('select id::text from wand.state');
    const outputsOf = (host: string) => readdirSync(join(homeOf(host), 'outputs', identity[0]!.id, id)).toSorted();
    expect([outputsOf('left'), outputsOf('right')]).toEqual([['make'], ['count', 'load']]);
    expect(readdirSync(join(homeOf('right'), 'outputs', 'of-other-hosts'))).toHaveLength(1);
    const { rows: sent } = await state.query<{ whole: boolean; pieces: number }>(
      `select f.bytes = sum(length(c.data)) and f.sha256 = encode(sha256(string_agg(c.data, ''::bytea order by c.number)), 'hex') as whole,
         count(*)::int as pieces
       from wand.output_file f join wand.output_chunk c using (host, path) group by f.host, f.path`,
    );
    expect(sent).toEqual([{ whole: true, pieces: expect.any(Number) }]);
    expect(sent[0]!.pieces).toBeGreaterThan(1);
    const { stdout } = await place.wand(['workers', '--json']);
    const listed = JSON.parse(stdout).workers as { host: string; tags: string[]; version: string; state: string }[];
    expect(listed.map(({ host, tags, state: is }) => [host, tags, is]).toSorted()).toEqual([
      ['left', ['left'], 'idle'],
      ['right', ['right'], 'idle'],
    ]);
  });

  test('with a shared folder send nothing', async () => {
    const shared = { WAND_SHARED: join(place.root, 'shared') };
    await startHost('left', shared);
    await startHost('right', shared);
    const id = await submit();
    await ended(id);
    expect((await show(id)).run.status).toBe('completed');
    expect(await hostsOf(id)).toEqual({ make: 'left', count: 'right', load: 'right' });
    expect((await state.query('select from wand.output_file')).rowCount).toBe(0);
  });

  test('a block that no living worker can take says which tags it waits for, and runs when one comes', async () => {
    await startHost('left');
    const id = await submit();
    await until('the block that waits', async () => {
      const { blocks } = await show(id);
      return blocks.find(({ uuid }) => uuid === 'count')!.status === 'queued';
    });
    expect((await place.wand(['show', id])).stdout).toContain('queued · waits for a worker with --tag right');
    expect((await show(id)).blocks.map(({ missing_tags }) => missing_tags)).toEqual([null, ['right'], ['right']]);
    await startHost('right');
    await ended(id);
    expect((await show(id)).run.status).toBe('completed');
  });

  test('an output whose host has no worker any more fails the block that reads it, and says what to do', async () => {
    await startHost('left');
    const id = await submit();
    await until('the first block', async () => (await show(id)).blocks[0]!.status === 'completed');
    workers[0]!.process.kill('SIGTERM');
    await workers[0]!.ended;
    await startHost('right', { WAND_HUNG_AFTER: '4' });
    await ended(id);
    const failed = (await show(id)).blocks.find(({ status }) => status === 'failed')!;
    expect(failed.error!.message).toMatch(/output_0 lies on left .*no worker of that host is alive/);
    expect(failed.error!.fix).toContain('WAND_SHARED');
  });
});
