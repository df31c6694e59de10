import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { packageRoot } from '../../src/home/package-root.ts';
import { connectClient } from '../../src/postgres/connect.ts';
import { databaseUrl } from '../../src/postgres/database-url.ts';
import { embeddedTcpConfig, ensureDatabase } from '../../src/postgres/embedded/database.ts';
import { ensureEmbeddedServer } from '../../src/postgres/embedded/ensure.ts';
import { addSlowProject } from '../program/slow-project.ts';
import { openTerminal, type TestTerminal } from '../program/terminal.ts';
import { removeHome } from '../support/home.ts';
import { until } from '../support/until.ts';
import { median } from './machine.ts';
import type { Bench } from './main.ts';

const times = 10;
/** The issue: well under 0.2 s from the key to the first block. Milliseconds. */
const most = 200;

type Place = { root: string; environment: NodeJS.ProcessEnv; state: Client; remove(): Promise<void> };

/** From pressing `r`, and from starting `wand run`, to the first block running, with a live worker and a warm database. */
export const latencyBench: Bench = {
  name: 'latency',
  about: 'key r, and the command wand run, to the first block running',
  run: async ({ json }) => {
    const place = await prepare();
    try {
      const key = await measureKey(place);
      const command = await measureCommand(place);
      if (json) console.log(JSON.stringify({ bench: 'latency', key_ms: key, command_ms: command }));
      else {
        print('key r to the first block running', key);
        print('wand run to the first block running', command);
      }
      return median(key) <= most;
    } finally {
      await place.remove();
    }
  },
};

const print = (what: string, values: number[]): void => {
  const [least, greatest] = [Math.min(...values), Math.max(...values)].map(Math.round);
  console.log(`${what}: median ${Math.round(median(values))} ms of ${values.length} (${least} to ${greatest})`);
};

const prepare = async (): Promise<Place> => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'wand-latency-')));
  const home = join(root, 'home');
  addSlowProject({ root }, 0);
  const server = await ensureEmbeddedServer(home);
  await ensureDatabase(server, 'latency');
  const config = embeddedTcpConfig(server, 'latency');
  const environment = { ...process.env, WAND_HOME: home, WAND_DATABASE_URL: databaseUrl(config, { mask: false }) };
  const terminal = wand({ root, environment }, ['runs']);
  await terminal.ended;
  const state = await connectClient(config, { applicationName: 'bench' });
  const remove = async (): Promise<void> => {
    await wand({ root, environment }, ['worker', '--stop']).ended;
    await state.end();
    await removeHome(home);
    await removeHome(root);
  };
  return { root, environment, state, remove };
};

const wand = ({ root, environment }: Pick<Place, 'root' | 'environment'>, args: string[]): TestTerminal =>
  openTerminal(process.execPath, [join(packageRoot(), 'dist', 'main.js'), ...args], { directory: root, environment });

const measureKey = async (place: Place): Promise<number[]> => {
  const terminal = wand(place, ['projects']);
  await terminal.shows('waiting ▸ slow');
  await terminal.shows(' ●', 'the connection');
  const press = async (): Promise<number> => {
    const { id, latency } = await firstBlockAfter(place, () => terminal.type('r'));
    // While the screen shows a running one, `r` asks first.
    await terminal.shows(`run ${id} ✓`);
    return latency;
  };
  // The first one starts the worker.
  await press();
  await terminal.shows('1 worker ●');
  const values = await repeat(press);
  terminal.type('q');
  await terminal.ended;
  return values;
};

const measureCommand = (place: Place): Promise<number[]> =>
  repeat(async () => {
    let command: TestTerminal | undefined;
    const start = (): void => {
      command = wand(place, ['run', 'waiting/slow']);
    };
    const { latency } = await firstBlockAfter(place, start);
    await command!.ended;
    return latency;
  });

const repeat = async (measure: () => Promise<number>): Promise<number[]> => {
  const values: number[] = [];
  while (values.length < times) values.push(await measure());
  return values;
};

/**
 * The run that comes of `act`, once it has ended, and the milliseconds from `act` to the start of its first block. Server and bench have the
 * same clock.
 */
const firstBlockAfter = async ({ state }: Place, act: () => void): Promise<{ id: string; latency: number }> => {
  const newest = async (): Promise<{ id: string; status: string; started: number } | undefined> => {
    const { rows } = await state.query<{ id: string; status: string; started: number }>(
      `select r.id::text, r.status, (select extract(epoch from min(b.started_at))::float8 * 1000 from wand.block_run b
         where b.run_id = r.id) as started
       from wand.run r order by r.id desc limit 1`,
    );
    return rows[0];
  };
  const before = (await newest())?.id;
  const acted = performance.timeOrigin + performance.now();
  act();
  let ended: Awaited<ReturnType<typeof newest>>;
  await until('the end of the run', async () => {
    ended = await newest();
    if (ended?.status === 'failed') throw new Error(`run ${ended.id} failed`);
    return ended !== undefined && ended.id !== before && ended.status === 'completed';
  });
  return { id: ended!.id, latency: ended!.started - acted };
};
