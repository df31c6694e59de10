import { type Claim, claimNext } from '../../src/engine/claim.ts';
import type { EngineClient } from '../../src/engine/client/open-client.ts';
import { openQueue, type Queue, sharedQueue } from '../../src/engine/queue.ts';
import type { ExecuteClaim } from '../../src/engine/run-attempt.ts';
import { startWorker, type Worker } from '../../src/engine/worker.ts';
import type { Block, Pipeline, Project } from '../../src/model/project.ts';
import type { RunSnapshot } from '../../src/model/run.ts';
import { emptyPipeline } from '../../src/project/empty-pipeline.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/open-store.ts';
import { readSnapshot } from '../../src/store/queries/read-runs.ts';
import { testDatabase } from './database.ts';

export type TestEngine = {
  client: EngineClient;
  queue: Queue;
  /** A worker of this engine that executes claims with `execute`; stopped at the end. */
  worker(execute: ExecuteClaim, options?: { concurrency?: number; foreground?: boolean }): Promise<Worker>;
  /** The next block of the shared queue, for a worker that is none but in name. */
  claim(workerId: string, host?: string): Promise<Claim>;
  /** Waits until the run has ended. */
  ended(runId: string): Promise<RunSnapshot>;
  close(): Promise<void>;
};

/** A migrated state database of its own, with a queue and workers in this process. */
export const testEngine = async (): Promise<TestEngine> => {
  const database = await testDatabase();
  const store = openStore(database.config, { max: 12, applicationName: 'wand test' });
  await migrate(store.pool, async () => (await openQueue(store.pool, { install: true })).stop());
  const queue = await openQueue(store.pool);
  const workers: Worker[] = [];
  return {
    client: { store, queue: async () => queue, close: async () => {} },
    queue,
    worker: async (execute, { concurrency = 4, foreground = false } = {}) => {
      const worker = await startWorker(store, queue, { concurrency, foreground, version: 'test', execute });
      workers.push(worker);
      return worker;
    },
    claim: async (workerId, host = 'here') => {
      const claim = await claimNext(store, queue, sharedQueue, { workerId, host });
      if (claim === null || claim === 'stale') throw new Error('nothing to claim');
      return claim;
    },
    ended: async (runId) => {
      while (true) {
        const snapshot = await readSnapshot(store.pool, runId);
        if (snapshot && !['initial', 'running'].includes(snapshot.run.status)) return snapshot;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.stop('kill')));
      await queue.stop();
      await store.close();
      await database.drop();
    },
  };
};

/** A project with one pipeline whose blocks and edges are given as `{ name: upstreams }`. Its files do not exist. */
export const testPipeline = (
  edges: Record<string, string[]>,
  blockOptions: Record<string, Partial<Block>> = {},
): { project: Project; pipeline: Pipeline } => {
  const blocks = Object.entries(edges).map(
    ([uuid, upstream], index): Block => ({
      uuid,
      name: uuid,
      type: 'transformer',
      language: 'python',
      file: `/nowhere/transformers/${uuid}.py`,
      fileExists: true,
      upstream,
      downstream: Object.keys(edges).filter((other) => edges[other]!.includes(uuid)),
      configuration: {},
      retryConfig: {},
      timeout: null,
      replicatedBlock: null,
      line: index + 1,
      ...blockOptions[uuid],
    }),
  );
  const pipeline = { ...emptyPipeline('flow', '/nowhere/pipelines/flow/metadata.yaml'), blocks };
  const project: Project = {
    uuid: 'nowhere',
    name: 'nowhere',
    path: '/nowhere',
    projectUuid: 'nowhere',
    pipelines: [pipeline],
    retryConfig: {},
    problems: [],
  };
  return { project, pipeline };
};
