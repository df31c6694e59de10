import { readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { statePath } from '../../home/paths.ts';
import { makePrivateFolder } from '../../home/private-file.ts';
import type { Store } from '../../store/open-store.ts';

/** Code that no run names is kept this long in the state database, and written code that no open run uses in this host's folder. */
const keptDays = 7;

export type Pruned = { snapshots: number; contents: number; folders: number };

/** Forgets code that no run needs any more: runs that are deleted leave theirs behind. */
export const pruneCode = async (store: Store): Promise<Pruned> => {
  const { rows } = await store.pool.query<{ snapshots: number; contents: number; used: string[] }>(
    `with gone as (
       delete from wand.code c where c.used_at < clock_timestamp() - make_interval(days => $1)
         and not exists (select from wand.run r where r.settings->>'code' = c.hash) returning c.hash
     ), kept as (
       select distinct m.value as sha256 from wand.code c cross join jsonb_each_text(c.manifest) m
       where c.hash not in (select hash from gone)
     ), contents as (
       -- What a submit under way has just brought is not named by a snapshot yet.
       delete from wand.code_file f where f.stored_at < clock_timestamp() - make_interval(days => $1)
         and not exists (select from kept k where k.sha256 = f.sha256) returning 1
     )
     select (select count(*)::int from gone) as snapshots, (select count(*)::int from contents) as contents,
       coalesce((select array_agg(distinct settings->>'code') from wand.run where status in ('initial', 'running')), '{}') as used`,
    [keptDays],
  );
  const { snapshots, contents, used } = rows[0]!;
  return { snapshots, contents, folders: await pruneFolders(new Set(used)) };
};

const pruneFolders = async (used: Set<string>): Promise<number> => {
  let folders = 0;
  const home = makePrivateFolder(statePath('code'));
  const names = readdirSync(home, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of names) {
    const path = join(home, name);
    if (used.has(name) || Date.now() - statSync(path).mtimeMs < keptDays * 86_400_000) continue;
    await rm(path, { recursive: true, force: true });
    folders += 1;
  }
  return folders;
};
