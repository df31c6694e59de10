import { dirname } from 'node:path';
import type { Store } from '../store/open-store.ts';
import type { Claim } from './claim.ts';
import { projectData } from './project-data.ts';

/**
 * Starts what the blocks of a run will need ahead, as soon as a worker has its first block: the server that forks Python blocks (importing pandas
 * takes 0.7 s), the child of the first TypeScript block. What cannot be started is told by the block that needs it.
 */
export const preloadLanguages = async (store: Store, { runId, projectPath }: Claim): Promise<void> => {
  try {
    const languages = await languagesOf(store, runId);
    if (!languages.has('python') && !languages.has('typescript')) return;
    const { environment } = await projectData(projectPath);
    const surroundings = { projectPath, environment, workingDirectory: dirname(projectPath) };
    if (languages.has('typescript')) {
      (await import('../blocks/typescript/run-typescript-block.ts')).preloadTypescript(surroundings);
    }
    if (languages.has('python')) {
      await (await import('../blocks/python/run-python-block.ts')).preloadPython(surroundings);
    }
  } catch {
    // The block says so.
  }
};

const languagesOf = async (store: Store, runId: string): Promise<Set<string>> => {
  const { rows } = await store.pool.query<{ language: string }>(
    `select distinct language from wand.block_run where run_id = $1 and status in ('initial', 'queued')`,
    [runId],
  );
  return new Set(rows.map(({ language }) => language));
};
