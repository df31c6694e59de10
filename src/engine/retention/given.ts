import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../../store/open-store.ts';
import { givenFolder } from '../outputs/place.ts';
import { daysSince, namesIn, sizeOf } from './folder-size.ts';
import type { Limits } from './settings.ts';

export type GivenReport = { files: number; bytes: number };

/**
 * Removes tables made of the files that `wand run FILE --input` was given, when no run has been given one for as long as outputs are kept. They
 * are made again from the file when it is given again.
 */
export const removeGiven = async (store: Store, { days }: Limits, dryRun: boolean): Promise<GivenReport> => {
  const report = { files: 0, bytes: 0 };
  if (days === null) return report;
  const used = await usedByOpenRuns(store);
  for (const name of await namesIn(givenFolder())) {
    const path = join(givenFolder(), name);
    if (used.has(path) || (await daysSince(path)) <= days) continue;
    report.files += 1;
    report.bytes += await sizeOf(path);
    if (!dryRun) await rm(path, { force: true });
  }
  return report;
};

const usedByOpenRuns = async (store: Store): Promise<Set<string>> => {
  const { rows } = await store.pool.query<{ path: string }>(
    `select distinct o->>'path' as path
     from wand.run r join wand.block_run b on b.run_id = r.id
     cross join jsonb_array_elements(b.definition->'inputs') i cross join jsonb_array_elements(i->'outputs') o
     where r.status in ('initial', 'running') and b.definition ? 'inputs' and o->>'path' is not null`,
  );
  return new Set(rows.map(({ path }) => path));
};
