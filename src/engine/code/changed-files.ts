import type { Store } from '../../store/open-store.ts';
import { snapshotOf } from './take-snapshot.ts';

/** Files of a project that are not as a run found them (changed, new or gone), below the project; null if the run kept no code. */
export const changedFiles = async (store: Store, runId: string, projectPath: string): Promise<string[] | null> => {
  const { rows } = await store.pool.query<{ manifest: Record<string, string> }>(
    `select c.manifest from wand.run r join wand.code c on c.hash = r.settings->>'code' where r.id = $1`,
    [runId],
  );
  const [then, now] = [rows[0]?.manifest, snapshotOf(projectPath)?.manifest];
  if (!then || !now) return null;
  return [...new Set([...Object.keys(then), ...Object.keys(now)])].filter((path) => then[path] !== now[path]).sort();
};

/** Text of a file of the project as a run found it; null if that is not kept. */
export const codeOfRun = async (store: Store, runId: string, file: string): Promise<string | null> => {
  const { rows } = await store.pool.query<{ content: Buffer }>(
    `select f.content from wand.run r join wand.code c on c.hash = r.settings->>'code'
     join wand.code_file f on f.sha256 = c.manifest->>substr($2, length(r.project_path) + 2)
     where r.id = $1 and starts_with($2, r.project_path || '/')`,
    [runId, file],
  );
  return rows[0]?.content.toString('utf8') ?? null;
};
