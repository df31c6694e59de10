import { startTicksOf } from '../../home/process.ts';
import { connectClient } from '../../postgres/connect.ts';
import { cancelRun } from '../cancel.ts';
import { hostIdentity } from '../host-identity.ts';
import { projectData } from '../project-data.ts';
import type { EngineClient } from './open-client.ts';

/** What came of a cancel, looked for and not assumed. */
export type StoppedRun = {
  /** False if the run had ended already. */
  cancelled: boolean;
  /** Blocks that were running and are not any more. */
  stopped: string[];
  /** What is still there: attempts that nobody has reported as over, processes of this host, queries in the project's databases. */
  left: string[];
  /** Databases that could not be asked. */
  unknown: string[];
};

/** A block gets 5 s from TERM to KILL, a query as long from cancel to the end of its session. Milliseconds. */
const patience = 15_000;

/** Cancels a run, waits until nothing of it is at work any more, and says what it found. */
export const stopRun = async (client: EngineClient, runId: string): Promise<StoppedRun> => {
  const running = await runningAttempts(client, runId);
  const cancelled = await cancelRun(client.store, runId);
  if (!cancelled) return { cancelled, stopped: [], left: [], unknown: [] };
  for (const since = Date.now(); ; ) {
    const found = await look(client, runId, running);
    if (found.left.length === 0 || Date.now() - since > patience) {
      const busy = new Set(found.left.map(({ block }) => block));
      const stopped = running.map(({ block }) => block).filter((block) => !busy.has(block));
      const left = [...new Set(found.left.map(({ block, what }) => `${block}: ${what}`))];
      return { cancelled, stopped, left, unknown: found.unknown };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

/** What came of it as one sentence; names in it are as they are stored. */
export const stoppedSentence = ({ stopped, left, unknown }: StoppedRun): string => {
  const asked = unknown.length === 0 ? '' : ` (could not ask the database of profile ${unknown.join(', ')})`;
  if (left.length > 0) return `still there: ${left.join('; ')}${asked}`;
  const blocks = stopped.length === 0 ? 'no block was running' : `stopped ${stopped.join(', ')}`;
  return `${blocks}; no process and no query of it is left${asked}`;
};

type Left = { left: { block: string; what: string }[]; unknown: string[] };

type Attempt = { block: string; host: string; pgid: number | null; startTicks: string | null };

const runningAttempts = async ({ store }: EngineClient, runId: string): Promise<Attempt[]> => {
  const { rows } = await store.pool.query<Attempt>(
    `select b.uuid as block, a.worker_host as host, a.pgid, a.start_ticks as "startTicks"
     from wand.attempt a join wand.block_run b on b.id = a.block_run_id
     where b.run_id = $1 and a.status = 'running' order by b.position`,
    [runId],
  );
  return rows;
};

const look = async (client: EngineClient, runId: string, before: Attempt[]): Promise<Left> => {
  const open = await runningAttempts(client, runId);
  // A block may have got its process after the cancel was sent.
  const processes = [...before, ...open].filter(({ host, ...group }) => host === hostIdentity() && lives(group));
  const { left, unknown } = await queriesOf(client, runId);
  const attempts = open.map(({ block, host }) => ({
    block,
    what: `its worker on ${host} has not said that it is over`,
  }));
  const groups = processes.map(({ block, pgid }) => ({ block, what: `process group ${pgid} is alive` }));
  return { left: [...attempts, ...groups, ...left], unknown };
};

const lives = ({ pgid, startTicks }: Pick<Attempt, 'pgid' | 'startTicks'>): boolean =>
  pgid !== null && startTicks !== null && startTicksOf(pgid) === startTicks;

/** Queries of SQL blocks tell their run by the name of their session. */
const queriesOf = async ({ store }: EngineClient, runId: string): Promise<Left> => {
  const { rows } = await store.pool.query<{ projectPath: string; profiles: string[] }>(
    `select r.project_path as "projectPath", coalesce(array_agg(distinct b.definition->'configuration'->>'data_provider_profile')
       filter (where b.language = 'sql' and b.definition->'configuration'->>'data_provider_profile' is not null), '{}') as profiles
     from wand.run r left join wand.block_run b on b.run_id = r.id where r.id = $1 group by r.id`,
    [runId],
  );
  const { projectPath, profiles } = rows[0] ?? { projectPath: '', profiles: [] };
  const left: Left['left'] = [];
  const unknown: string[] = [];
  for (const profile of profiles) {
    const found = await sessionsOf(projectPath, profile, runId).catch(() => null);
    if (found === null) unknown.push(profile);
    else
      left.push(
        ...found.map(({ block, pid }) => ({
          block,
          what: `session ${pid} of the database in profile ${profile} is active`,
        })),
      );
  }
  return { left, unknown };
};

const sessionsOf = async (
  projectPath: string,
  profile: string,
  runId: string,
): Promise<{ block: string; pid: number }[]> => {
  const config = (await projectData(projectPath)).connection(profile);
  const client = await connectClient(config, { applicationName: 'wand cancel' });
  try {
    const { rows } = await client.query<{ name: string; pid: number }>(
      `select application_name as name, pid from pg_stat_activity
       where application_name like $1 and state <> 'idle' and pid <> pg_backend_pid()`,
      [`wand run ${runId} %`],
    );
    return rows.map(({ name, pid }) => ({ block: name.split(' ').slice(3).join(' '), pid }));
  } finally {
    await client.end().catch(() => {});
  }
};
