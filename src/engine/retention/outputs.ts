import { rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { Store } from '../../store/open-store.ts';
import { copiesFolder } from '../outputs/fetch-output.ts';
import { outputsRoot } from '../outputs/place.ts';
import { choose, type Keepable } from './choose.ts';
import { daysSince, namesIn, sizeOf } from './folder-size.ts';
import { runFacts } from './run-facts.ts';
import type { Limits } from './settings.ts';

export type OutputsReport = { runs: string[]; bytes: number; keptBytes: number; copies: number };

/** Copies of other hosts' outputs are made again when they are wanted. Days. */
const keepCopies = 7;

/**
 * Removes the outputs of old runs from this host: whole folders of runs, so that what lost attempts have left goes too. A folder that a later
 * run reuses is as young as that one. Rows stay, marked, so that `preview` and a rerun can say what happened.
 */
export const removeOutputs = async (store: Store, limits: Limits, dryRun: boolean): Promise<OutputsReport> => {
  const root = outputsRoot(await store.stateId());
  // Beside it lie those of versions that told no state databases apart.
  const folders = [...(await foldersOf(store, root)), ...(await foldersOf(store, dirname(root)))];
  const gone = choose(folders, limits);
  const copies = await oldCopies();
  if (!dryRun) {
    for (const { path } of gone) {
      // First the mark: a reader must not find the row unmarked and the file gone.
      await store.pool.query(
        'update wand.output set removed_at = clock_timestamp() where path like $1 and removed_at is null',
        [`${escapeLike(path)}${sep}%`],
      );
      await rm(path, { recursive: true, force: true });
    }
    for (const path of copies) await rm(path, { force: true });
  }
  const bytes = gone.reduce((sum, folder) => sum + folder.bytes, 0);
  const all = folders.reduce((sum, folder) => sum + folder.bytes, 0);
  return { runs: gone.map(({ run }) => run), bytes, keptBytes: all - bytes, copies: copies.length };
};

type Folder = Keepable & { run: string; path: string };

const foldersOf = async (store: Store, root: string): Promise<Folder[]> => {
  const names = (await namesIn(root)).filter((name) => /^\d{1,18}$/.test(name));
  if (names.length === 0) return [];
  const users = await usersOf(store, root);
  const facts = await runFacts(store, [...new Set([...names, ...[...users.values()].flat()])]);
  const folders: Folder[] = [];
  // One after the other: a walk through all of them at once would be many open folders.
  for (const run of names) {
    const known = [run, ...(users.get(run) ?? [])].flatMap((id) => facts.get(id) ?? []);
    folders.push({
      run,
      path: join(root, run),
      bytes: await sizeOf(join(root, run)),
      isKept: known.some(({ isKept }) => isKept),
      // Of a run that this database does not know: since it was last written to.
      ageDays: known.length > 0 ? Math.min(...known.map(({ ageDays }) => ageDays)) : await daysSince(join(root, run)),
    });
  }
  return folders;
};

/** Folder of a run -> other runs whose outputs lie in it. */
const usersOf = async (store: Store, root: string): Promise<Map<string, string[]>> => {
  const { rows } = await store.pool.query<{ folder: string; runs: string[] }>(
    `select split_part(substr(o.path, $2), $3, 1) as folder, array_agg(distinct b.run_id::text) as runs
     from wand.output o join wand.block_run b on b.id = o.block_run_id
     where o.path like $1 and split_part(substr(o.path, $2), $3, 1) <> b.run_id::text group by 1`,
    [`${escapeLike(root)}${sep}%`, root.length + 2, sep],
  );
  return new Map(rows.map(({ folder, runs }) => [folder, runs]));
};

const oldCopies = async (): Promise<string[]> => {
  const old: string[] = [];
  for (const name of await namesIn(copiesFolder())) {
    const path = join(copiesFolder(), name);
    if ((await daysSince(path)) > keepCopies) old.push(path);
  }
  return old;
};

const escapeLike = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');

/** Files that were sent through Postgres: whoever wanted them has a copy. Answers the bytes that go. */
export const removeSentFiles = async (store: Store, dryRun: boolean): Promise<number> => {
  const old = `stored_at < clock_timestamp() - interval '1 day'`;
  const { rows } = await store.pool.query<{ bytes: number }>(
    `select coalesce(sum(bytes), 0)::float8 as bytes from wand.output_file where ${old}`,
  );
  if (!dryRun) await store.pool.query(`delete from wand.output_file where ${old}`);
  return rows[0]!.bytes;
};
