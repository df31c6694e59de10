import { isAlive } from '../home/process.ts';
import type { Store } from '../store/open-store.ts';
import { killGroup } from './kill-group.ts';
import { buryWorker, workerIsAlive } from './liveness.ts';
import type { Queue } from './queue.ts';

export type Sweeper = {
  /** One look at all workers; call it twice a second. Answers the ids of those that were given up by it. */
  sweep(): Promise<string[]>;
};

export type SweeperOptions = {
  /** Whose processes may be killed. */
  host: string;
  /** Milliseconds without a sign of life after which a worker that still holds its lock counts as hung. */
  hungAfter: number;
  /** The worker that sweeps, which does not give itself up. */
  self: string;
};

/** Looks without a lock after which a worker is dead: after a restart of Postgres all are without one for a moment. */
const missesOfDead = 2;
/** A worker of another host is left to one that lives there, which can kill what it has started, for this many more looks ... */
const moreMisses = 8;
/** ... or milliseconds. */
const moreTime = 10_000;
/** Of the time between two looks no more counts as silence of others: a sweeper that was stopped has not seen it. Milliseconds. */
const longestPause = 4_000;
/** Seconds that workers have to come back after a restart of Postgres. */
const graceAfterStart = 5;

/** How often a worker tells that it lives. Milliseconds. */
export const heartbeatEvery = 2_000;

/** `WAND_HUNG_AFTER` seconds, at least 2 heartbeats; 20 s if it says nothing. */
export const hungAfterOf = (environment: NodeJS.ProcessEnv): number => {
  const seconds = Number(environment.WAND_HUNG_AFTER || 20);
  return Number.isFinite(seconds) ? Math.max(2 * heartbeatEvery, seconds * 1_000) : 20_000;
};

type Seen = { misses: number; heartbeat: string | null; since: number };

/**
 * Finds workers that are gone (their lock is not held) or hang (they hold it, and have not told for long that they live), kills what they left on
 * this host, and then gives their blocks to others. By the sweeper's own clock: whatever clocks and suspended machines do, a
 * worker must be *seen* without a sign of life for that long. Each is taken by exactly one sweeper (the one that deletes its row).
 */
export const openSweeper = (store: Store, queue: Queue, options: SweeperOptions): Sweeper => {
  const known = new Map<string, Seen>();
  let lookedAt = performance.now();
  return {
    sweep: async () => {
      // It was stopped itself, or its machine was: what it has not seen meanwhile says nothing of others. One that is only slow still finds the dead.
      const unseen = performance.now() - lookedAt - longestPause;
      if (unseen > 0) for (const seen of known.values()) seen.since += unseen;
      const workers = await lookAt(store);
      const lost: string[] = [];
      const seen = workers.map((worker) => ({ worker, seen: remember(known, worker) }));
      for (const id of known.keys()) if (!workers.some((worker) => worker.id === id)) known.delete(id);
      lookedAt = performance.now();
      const alive = seen.filter(
        (one) => one.seen.misses === 0 && !one.worker.suspended && ageOf(one.seen) < options.hungAfter,
      );
      for (const {
        worker,
        seen: { misses, ...rest },
      } of seen) {
        if (worker.id === options.self) continue;
        const isLocal = worker.host === options.host;
        const hasNeighbour = alive.some((other) => other.worker.host === worker.host && other.worker.id !== worker.id);
        const later = !isLocal && hasNeighbour;
        const isDead = misses >= missesOfDead + (later ? moreMisses : 0);
        const isSilent = misses === 0 && !worker.suspended;
        const isHung = isSilent && ageOf({ misses, ...rest }) >= options.hungAfter + (later ? moreTime : 0);
        if (!isDead && !isHung) continue;
        if (isLocal) await killWhatItLeft(store, worker, isHung);
        await buryWorker(store, queue, worker.id);
        lost.push(worker.id);
      }
      return lost;
    },
  };
};

type LookedAt = {
  id: string;
  host: string | null;
  pid: number | null;
  startTicks: string | null;
  foreground: boolean;
  heartbeat: string | null;
  /** Its user has stopped it (ctrl-z), and it has said so. */
  suspended: boolean;
  locked: boolean;
};

/** All workers, those included that have lost their row but still have attempts; none in the first seconds of a server. */
const lookAt = async (store: Store): Promise<LookedAt[]> => {
  const { rows } = await store.pool.query<LookedAt>({
    name: 'look_at_workers',
    text: `select * from (
       select w.id::text, w.host, w.pid, w.start_ticks as "startTicks", w.foreground, w.last_seen_at::text as heartbeat,
         w.suspended_at is not null as suspended, ${workerIsAlive} as locked
       from wand.worker w
       union all
       select distinct a.worker::text, a.worker_host, null::int, null, false, null, false, false from wand.attempt a
       where a.status = 'running' and not exists (select from wand.worker w where w.id = a.worker)
     ) workers
     where clock_timestamp() - pg_postmaster_start_time() > make_interval(secs => $1)`,
    values: [graceAfterStart],
  });
  return rows;
};

const remember = (known: Map<string, Seen>, { id, locked, heartbeat }: LookedAt): Seen => {
  const before = known.get(id);
  const same = before !== undefined && before.heartbeat === heartbeat;
  const now: Seen = {
    misses: locked ? 0 : (before?.misses ?? 0) + 1,
    heartbeat,
    since: same ? before.since : performance.now(),
  };
  known.set(id, now);
  return now;
};

const ageOf = ({ since }: Seen): number => performance.now() - since;

/**
 * Processes of blocks first, so that none of them lives when the next attempt starts. A background worker that hangs is killed too: its
 * supervisor starts another. One in the foreground is a command of somebody, who may have stopped it: it is left alone.
 */
const killWhatItLeft = async (store: Store, worker: LookedAt, hangs: boolean): Promise<void> => {
  const { rows } = await store.pool.query<{ pgid: number | null; startTicks: string | null }>(
    `select pgid, start_ticks as "startTicks" from wand.attempt where worker = $1 and status = 'running'`,
    [worker.id],
  );
  for (const group of rows) killGroup(group);
  const { pid, startTicks, foreground } = worker;
  if (!hangs || foreground || pid === null || startTicks === null || !isAlive(pid, startTicks)) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
};
