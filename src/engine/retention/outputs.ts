import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { Store } from '../../store/open-store.ts';
import { copiesFolder } from '../outputs/fetch-output.ts';
import { outputsRoot } from '../outputs/place.ts';
import { choose, type Keepable } from './choose.ts';
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
  const copies = oldCopies();
  if (!dryRun) {
    for (const { path } of gone) {
      // First the mark: a reader must not find the row unmarked and the file gone.
      await store.pool.query(
        'update wand.output set removed_at = clock_timestamp() where path like $1 and removed_at is null',
        [`${escapeLike(path)}${sep}%`],
      );
      await rm(path, { recursive: true, force: true });
    }
    for (const path of copies) rmSync(path, { force: true });
  }
  const bytes = gone.reduce((sum, folder) => sum + folder.bytes, 0);
  const all = folders.reduce((sum, folder) => sum + folder.bytes, 0);
  return { runs: gone.map(({ run }) => run), bytes, keptBytes: all - bytes, copies: copies.length };
};

type Folder = Keepable & { run: string; path: string };

const foldersOf = async (store: Store, root: string): Promise<Folder[]> => {
  if (!existsSync(root)) return [];
  const names = readdirSync(root).filter((name) => /^\d{1,18}$/.test(name));
  const users = await usersOf(store, root);
  const facts = await runFacts(store, [...new Set([...names, ...[...users.values()].flat()])]);
  return names.map((run) => {
    const known = [run, ...(users.get(run) ?? [])].flatMap((id) => facts.get(id) ?? []);
    return {
      run,
      path: join(root, run),
      bytes: sizeOf(join(root, run)),
      isKept: known.some(({ isKept }) => isKept),
      // Of a run that this database does not know: since it was last written to.
      ageDays: known.length > 0 ? Math.min(...known.map(({ ageDays }) => ageDays)) : daysSince(join(root, run)),
    };
  });
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

const sizeOf = (path: string): number => {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (!facts) return 0;
  if (!facts.isDirectory()) return facts.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
};

const daysSince = (path: string): number =>
  (Date.now() - (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())) / 86_400_000;

const oldCopies = (): string[] =>
  existsSync(copiesFolder())
    ? readdirSync(copiesFolder())
        .map((name) => join(copiesFolder(), name))
        .filter((path) => daysSince(path) > keepCopies)
    : [];

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
