import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePython } from '../../src/blocks/python/setup.ts';
import { waitForRun } from '../../src/engine/client/follow.ts';
import { type EngineClient, openClient } from '../../src/engine/client/open-client.ts';
import { startRun } from '../../src/engine/client/start-run.ts';
import { packageRoot } from '../../src/home/package-root.ts';
import type { Project } from '../../src/model/project.ts';
import { databaseUrl } from '../../src/postgres/database-url.ts';
import { embeddedTcpConfig, ensureDatabase } from '../../src/postgres/embedded/database.ts';
import { ensureEmbeddedServer } from '../../src/postgres/embedded/ensure.ts';
import { readProject } from '../../src/project/read-project.ts';
import { removeHome } from '../support/home.ts';
import { type BossChain, openBossChain } from './boss-chain.ts';
import { type Shape, writeNoOpProject } from './engine-project.ts';

export type RunTimes = { submit: number; first: number; total: number };

/** A WAND_HOME with a server, a project of blocks that do nothing, one background worker, and a pg-boss of its own beside it. */
export type EnginePlace = {
  home: string;
  worker: ChildProcess;
  boss: BossChain;
  /** Milliseconds: until the run was submitted, from then to the first block, from the first block to the end of the last. */
  run(shape: Shape): Promise<RunTimes>;
  /** Submits and takes it back. */
  submit(shape: Shape): Promise<number>;
  remove(): Promise<void>;
};

export const prepareEngine = async (): Promise<EnginePlace> => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'wand-engine-')));
  const home = join(root, 'home');
  process.env.WAND_HOME = home;
  const server = await ensureEmbeddedServer(home);
  for (const name of ['state', 'data', 'boss']) await ensureDatabase(server, name);
  const data = embeddedTcpConfig(server, 'data');
  Object.assign(process.env, {
    WAND_DATABASE_URL: databaseUrl(embeddedTcpConfig(server, 'state'), { mask: false }),
    POSTGRES_DBNAME: 'data',
    POSTGRES_SCHEMA: 'public',
    POSTGRES_USER: data.user,
    POSTGRES_PASSWORD: data.password,
    POSTGRES_HOST: data.host,
    POSTGRES_PORT: String(data.port),
  });
  const project = readProject(writeNoOpProject(root));
  await ensurePython({ projectPath: project.path });
  const client = await openClient();
  const boss = await openBossChain(embeddedTcpConfig(server, 'boss'));
  const worker = spawn(process.execPath, [join(packageRoot(), 'dist', 'main.js'), 'worker'], { stdio: 'ignore' });
  return {
    home,
    worker,
    boss,
    run: (shape) => timeRun(client, project, shape),
    submit: (shape) => timeSubmit(client, project, shape),
    remove: async () => {
      worker.kill('SIGTERM');
      await new Promise((resolve) => (worker.exitCode === null ? worker.once('exit', resolve) : resolve(null)));
      await boss.stop();
      await client.close();
      await removeHome(home);
      await removeHome(root);
    },
  };
};

const submit = async (client: EngineClient, project: Project, { pipeline }: Shape) => {
  const began = performance.timeOrigin + performance.now();
  const found = project.pipelines.find(({ uuid }) => uuid === pipeline)!;
  const id = await startRun(client, { project, pipeline: found, trigger: 'bench' });
  return { id, began, submitted: performance.timeOrigin + performance.now() };
};

const timeRun = async (client: EngineClient, project: Project, shape: Shape): Promise<RunTimes> => {
  const { id, began, submitted } = await submit(client, project, shape);
  const { pool } = client.store;
  await waitForRun(client.store, id, async () => {
    const { rows } = await pool.query<{ status: string }>('select status from wand.run where id = $1', [id]);
    return { ended: !['initial', 'running'].includes(rows[0]!.status) };
  });
  // Server and bench have the same clock.
  const { rows } = await pool.query<{ status: string; first: number; last: number; message: string | null }>(
    `select r.status, extract(epoch from min(b.started_at))::float8 * 1000 as first,
       extract(epoch from max(b.finished_at))::float8 * 1000 as last, min(b.error->>'message') as message
     from wand.run r join wand.block_run b on b.run_id = r.id where r.id = $1 group by r.id`,
    [id],
  );
  const { status, first, last, message } = rows[0]!;
  if (status !== 'completed') throw new Error(`${shape.pipeline} is ${status}: ${message}`);
  return { submit: submitted - began, first: first - began, total: last - first };
};

const timeSubmit = async (client: EngineClient, project: Project, shape: Shape): Promise<number> => {
  const { id, began, submitted } = await submit(client, project, shape);
  const { cancelRun } = await import('../../src/engine/cancel.ts');
  await cancelRun(client.store, id);
  return submitted - began;
};
