import { readProject } from '../../project/read-project.ts';
import { readSnapshot } from '../../store/queries/read-runs.ts';
import { keepCode } from '../code/take-snapshot.ts';
import { type RetryRequest, retryRun } from '../retry-run.ts';
import type { EngineClient } from './open-client.ts';
import { refuseBroken } from './start-run.ts';

/** How long blocks of a run that was just cancelled may take to be gone. Milliseconds. */
const mostWaiting = 15_000;

/**
 * Retries a run that has failed or was cancelled, in place (`wand retry`): all that has not completed, or `from` a block on. Answers the uuids of the
 * block runs that run again. Blocks of it that are still being stopped are waited for, so that no two attempts of one block live at once; for
 * 15 s at most: a worker may be hanging.
 */
export const retry = async (
  client: EngineClient,
  request: Pick<RetryRequest, 'runId' | 'from' | 'owner'>,
): Promise<string[]> => {
  const snapshot = await readSnapshot(client.store.pool, request.runId);
  const run = snapshot?.run;
  const project = run?.pipeline ? readProject(run.projectPath) : null;
  const pipeline = project?.pipelines.find(({ uuid }) => uuid === run?.pipeline);
  if (project && pipeline) refuseBroken(project, pipeline);
  await stopped(client, request.runId);
  return retryRun(client.store, await client.queue(), {
    ...request,
    code: run ? await keepCode(client.store.pool, run.projectPath) : null,
    current: project && pipeline ? { project, pipeline } : null,
  });
};

const stopped = async (client: EngineClient, runId: string): Promise<void> => {
  for (const since = Date.now(); Date.now() - since < mostWaiting; ) {
    const { rows } = await client.store.pool.query<{ stopping: boolean }>(
      `select exists (select from wand.attempt a join wand.block_run b on b.id = a.block_run_id
         join wand.run r on r.id = b.run_id
         where r.id::text = $1 and a.status = 'running' and r.status not in ('initial', 'running')) as stopping`,
      [runId],
    );
    if (!rows[0]?.stopping) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
