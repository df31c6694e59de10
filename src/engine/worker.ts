import { randomBytes, randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { closeWarmConnections } from '../blocks/sql/warm-connections.ts';
import { startTicksOf } from '../home/process.ts';
import { messageOf } from '../problem/wand-error.ts';
import { channels, notify } from '../store/channels.ts';
import { schemaVersion } from '../store/migrations/index.ts';
import type { Store } from '../store/open-store.ts';
import { findOwed, giveCallbacksBack, runOwedCallbacks } from './callbacks.ts';
import { type Claim, claimNext, claimsOf, taggedQueues } from './claim.ts';
import { untilThere } from './database-away.ts';
import { whatIsDue } from './due.ts';
import { hostIdentity } from './host-identity.ts';
import { deliverOrphans } from './log-spool.ts';
import { serveOutputs } from './outputs/serve-outputs.ts';
import { preloadLanguages } from './preload-languages.ts';
import { ownerQueue, type Queue, sharedQueue } from './queue.ts';
import { type AttemptRun, type ExecuteClaim, runAttempt } from './run-attempt.ts';
import { advanceInTime, releaseRuns } from './run-limits.ts';
import { endRunProcesses } from './run-processes.ts';
import { openSession, type WorkerSession } from './worker-session.ts';

export type WorkerOptions = {
  /** Blocks at once. */
  concurrency: number;
  /** A foreground worker serves only the runs it owns. */
  foreground: boolean;
  version: string;
  tags?: string[];
  /** How a claimed block is executed; tests give their own. */
  execute?: ExecuteClaim;
};

export type Worker = {
  id: string;
  /** Blocks under way now. */
  busy(): number;
  /** Milliseconds since the last block ended, or since the start; 0 while busy. */
  idleFor(): number;
  /** Resolves when the session is lost for good. */
  failed: Promise<Error>;
  /** Before and after its user stops this process (ctrl-z): meanwhile it keeps its blocks. */
  suspend(): Promise<void>;
  resume(): Promise<void>;
  /** Takes no more blocks; waits for those under way, or kills them and gives them back to other workers. */
  stop(how: 'drain' | 'kill'): Promise<void>;
};

/** How often a worker asks whether old outputs and logs are to be removed, and how long after its start. Milliseconds. */
const houseKeepingEvery = 300_000;
const firstHouseKeeping = 10_000;

/** A poll behind the notifications, for jobs that wait for a retry delay and for a notification lost with a connection. Milliseconds. */
const backstop = 1_000;

/**
 * Starts a worker in this process: a session that holds its lock and listens, and slots that take blocks from its queue as soon as a
 * notification says that there are some.
 */
export const startWorker = async (store: Store, queue: Queue, options: WorkerOptions): Promise<Worker> => {
  const id = randomUUID();
  const host = hostIdentity();
  const tags = options.tags ?? [];
  const queueName = options.foreground ? ownerQueue(id) : sharedQueue;
  const underWay = new Map<string, { claim: Claim; controller: AbortController; done: Promise<void> }>();
  /** Jobs of blocks taken in place: deleted together, when there is time. */
  let staleJobs: string[] = [];
  let stopping = false;
  let idleSince = Date.now();
  let pumping = false;
  let again = false;
  let uncertain = false;
  /** False once the queue was seen empty, until a notification or the backstop: a chain that goes on in place asks it nothing. */
  let mayHaveMore = true;
  /** Whether the last sweep saw an open run. */
  let anyOpen = true;
  /** Whether the backstop asks the queue: while runs are open, and once afterwards, for jobs that a killed worker had taken in place. */
  let askQueue = true;
  const openQueues = new Set<string>();
  /** Runs that this worker has had a block of. */
  const knownRuns = new Set<string>();
  /** Blocks that only wait (sensors, blocks that wait for another run): they need no slot. */
  const waiting = new Set<string>();
  /** Callbacks under way, by block run: they need no slot either, but the worker does not leave before they are done. */
  const callbacks = new Map<string, Promise<void>>();
  const leaving = new AbortController();
  /** A run of `run_pipeline_in_one_process` has been here. */
  let mayShareProcesses = false;
  const lockKey = newLockKey();

  await store.stateId();
  if (options.foreground) await queue.open(queueName);
  const session: WorkerSession = await openSession(store, queue, {
    workerId: id,
    host,
    lockKey,
    register: async (client) => {
      const { rows } = await client.query<{ known: boolean }>(
        `insert into wand.worker as w (id, host, pid, start_ticks, lock_key, foreground, version, schema_version, tags)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (id) do update set last_seen_at = clock_timestamp(), suspended_at = null returning w.xmax <> 0 as known`,
        [
          id,
          host,
          process.pid,
          startTicksOf(process.pid),
          lockKey,
          options.foreground,
          options.version,
          schemaVersion,
          tags,
        ],
      );
      return rows[0]!.known;
    },
    onGivenUp: () => {
      process.stderr.write(
        `wand worker ${id}: was given up by others (it hung, or was cut off); its blocks are elsewhere\n`,
      );
      for (const { controller } of underWay.values()) controller.abort('leaving');
    },
    onReady: (name) => {
      if (name !== queueName && !(name.startsWith('tags_') && tags.length > 0)) return;
      mayHaveMore = true;
      void pump();
    },
    onStop: (runId) => stopBlocksOf([runId]),
    onOutputWanted: () => void serveOutputs(store, host).catch(() => {}),
    busy: () => underWay.size > 0,
    onSweep: async () => {
      const due = await whatIsDue(store, host);
      if (due.open || anyOpen) askQueue = true;
      anyOpen = due.open;
      await advanceInTime(store, queue, due);
      void deliverOrphans(store).catch(() => {});
      if (due.outputs) void serveOutputs(store, host).catch(() => {});
      void keepHouse();
      await stopEndedRuns();
      if (mayShareProcesses) await endRunProcesses(store);
      if (stopping || !due.owed) return;
      for (const blockRunId of await findOwed(store, id, options.foreground)) callBack(blockRunId);
    },
  });

  const stopBlocksOf = (runIds: string[]): void => {
    for (const { claim, controller } of underWay.values())
      if (runIds.includes(claim.runId)) controller.abort('stopped');
  };

  /** A stop is a notification, and that may be lost: while the session reconnects, or between a claim and its begin. */
  const stopEndedRuns = async (): Promise<void> => {
    if (underWay.size === 0) return;
    const { rows } = await store.pool.query<{ id: string }>(
      `select id::text from wand.run where id = any($1) and status not in ('initial', 'running')`,
      [[...new Set([...underWay.values()].map(({ claim }) => claim.runId))]],
    );
    stopBlocksOf(rows.map(({ id: runId }) => runId));
  };

  let houseKeptAt = Date.now() - houseKeepingEvery + firstHouseKeeping;
  /** Old outputs and logs go; a background worker asks now and then whether it is time. */
  const keepHouse = async (): Promise<void> => {
    if (options.foreground || stopping || Date.now() - houseKeptAt < houseKeepingEvery) return;
    houseKeptAt = Date.now();
    try {
      const { applyRetentionHourly, retentionSentence } = await import('./retention/retention.ts');
      const report = await applyRetentionHourly(store);
      const sentence = report && retentionSentence(report);
      if (sentence) process.stderr.write(`wand worker: ${sentence}\n`);
    } catch (error) {
      process.stderr.write(`wand worker: retention: ${messageOf(error)}\n`);
    }
  };

  /** Fills free slots until the queue is empty; a call during a round makes one more round. */
  const pump = async (): Promise<void> => {
    again = true;
    if (pumping) return;
    pumping = true;
    try {
      while (again && !stopping) {
        again = false;
        if (uncertain) await adoptStrays();
        while (!stopping && mayHaveMore && underWay.size - waiting.size < options.concurrency) {
          // Together in one statement; taken one by one, a thousand of them are a thousand transactions.
          if (staleJobs.length > 0) await discardStale();
          await takeOne();
        }
      }
    } catch {
      uncertain = true;
      // The database is away: the backstop tries again, the session decides when it is lost for good.
    } finally {
      pumping = false;
    }
  };

  const takeOne = async (): Promise<void> => {
    mayHaveMore = false;
    const claim = (await takeTagged()) ?? (await claimNext(store, queue, queueName, { workerId: id, host }));
    if (claim === null) return;
    mayHaveMore = true;
    if (claim !== 'stale') begin(claim);
  };

  const preload = (claim: Claim): void => {
    if (options.execute || knownRuns.has(claim.runId)) return;
    if (knownRuns.size > 1_000) knownRuns.clear();
    knownRuns.add(claim.runId);
    void preloadLanguages(store, claim);
  };

  /** Blocks that ask for this worker's tags come first: others can be run elsewhere. */
  const takeTagged = async (): Promise<Claim | 'stale' | null> => {
    for (const name of await taggedQueues(store, tags)) {
      if (!openQueues.has(name)) await queue.open(name);
      openQueues.add(name);
      const claim = await claimNext(store, queue, name, { workerId: id, host });
      if (claim !== null) return claim;
    }
    return null;
  };

  const begin = (claim: Claim): void => {
    // Claimed while this worker was sent away: it goes back with the others.
    if (leaving.signal.aborted) return;
    if (claim.settings.oneProcess) mayShareProcesses = true;
    if (underWay.has(claim.blockRunId)) {
      // Its last attempt is still being stopped: after that.
      uncertain = true;
      return;
    }
    preload(claim);
    const controller = new AbortController();
    const attempt: AttemptRun = {
      claim,
      workerId: id,
      host,
      signal: controller.signal,
      mayGoOn: () => !stopping && !claim.settings.tagged,
      onUncertain: () => {
        uncertain = true;
      },
      onWaiting: (waits) => {
        if (waits) waiting.add(claim.blockRunId);
        else waiting.delete(claim.blockRunId);
        if (waits) void pump();
      },
      execute: options.execute,
    };
    // Noted as under way before its first line runs: it may be what sends this worker away.
    const done = Promise.resolve()
      .then(() => runAttempt(store, queue, attempt))
      .then(({ next, stale, ended }) => {
        underWay.delete(claim.blockRunId);
        waiting.delete(claim.blockRunId);
        if (claim.definition.callbacks) callBack(claim.blockRunId);
        if (ended) void releaseRuns(store, queue).catch(() => {});
        idleSince = Date.now();
        if (stale) staleJobs.push(stale);
        if (next) begin(next);
        void setState();
        void pump();
      });
    underWay.set(claim.blockRunId, { claim, controller, done });
    void setState();
  };

  const callBack = (blockRunId: string): void => {
    if (callbacks.has(blockRunId)) return;
    const done = runOwedCallbacks(store, id, blockRunId, leaving.signal)
      // The database is away: what is owed goes back as soon as it is there, and a sweep finds it.
      .catch(() =>
        untilThere(
          () => giveCallbacksBack(store, id, blockRunId),
          () => leaving.signal.aborted,
        ).catch(() => {}),
      )
      .then(() => {
        callbacks.delete(blockRunId);
        idleSince = Date.now();
      });
    callbacks.set(blockRunId, done);
  };

  let ended: Promise<void> | null = null;
  const end = async (): Promise<void> => {
    while (underWay.size > 0) await Promise.all([...underWay.values()].map(({ done }) => done));
    while (callbacks.size > 0) await Promise.all(callbacks.values());
    await discardStale();
    await closeWarmConnections();
    await session.close();
    if (options.foreground) await queue.close(queueName);
  };

  /** After a commit whose answer was lost: begins what it had claimed for this worker. */
  const adoptStrays = async (): Promise<void> => {
    const known = new Map([...underWay].map(([blockRunId, { claim }]) => [blockRunId, claim.attempt]));
    uncertain = false;
    // One whose last attempt is still being stopped is not begun yet, and makes it uncertain again.
    for (const claim of await claimsOf(store, id)) if (known.get(claim.blockRunId) !== claim.attempt) begin(claim);
  };

  let told = 'idle';
  const setState = async (): Promise<void> => {
    const state = stopping ? 'draining' : underWay.size > 0 ? 'busy' : 'idle';
    if (state === told) return;
    told = state;
    await store.pool
      .query('update wand.worker set state = $2, last_seen_at = clock_timestamp() where id = $1', [id, state])
      .catch(() => {
        told = '';
      });
  };

  const discardStale = async (): Promise<void> => {
    const jobs = staleJobs;
    staleJobs = [];
    if (jobs.length === 0) return;
    // One that stays is noticed by whoever takes it.
    await queue.discard(queueName, jobs).catch(() => {});
  };

  const timer = setInterval(() => {
    if (askQueue) mayHaveMore = true;
    askQueue = anyOpen;
    void pump();
    void discardStale();
  }, backstop);
  await notify(store.pool, channels.worker, id);
  void pump();

  return {
    id,
    busy: () => underWay.size + callbacks.size,
    idleFor: () => (underWay.size + callbacks.size > 0 ? 0 : Date.now() - idleSince),
    failed: session.failed,
    suspend: () => session.suspend(),
    resume: async () => {
      await session.resume();
      mayHaveMore = true;
      void pump();
    },
    stop: async (how) => {
      stopping = true;
      clearInterval(timer);
      void setState();
      if (how === 'kill') for (const { controller } of underWay.values()) controller.abort('leaving');
      if (how === 'kill') leaving.abort('leaving');
      ended ??= end();
      await ended;
    },
  };
};

/** A positive 62-bit number nobody else has. */
const newLockKey = (): string => (randomBytes(8).readBigUInt64BE() >> 2n).toString();

/** Blocks at once if nobody says otherwise: the cores, and at least 4, since most blocks wait for a database. */
export const defaultConcurrency = (): number => Math.max(4, availableParallelism());
