import type { Store } from '../../store/open-store.ts';

export type RunFacts = { ageDays: number; isKept: boolean };

/** Of runs by id: days since their end, by the database's clock; open ones, and the last completed one of each pipeline, are kept. */
export const runFacts = async (store: Store, ids: string[]): Promise<Map<string, RunFacts>> => {
  const { rows } = await store.pool.query<RunFacts & { id: string }>(
    `select r.id::text, coalesce(extract(epoch from clock_timestamp() - r.finished_at), 0)::float8 / 86400 as "ageDays",
       r.status in ('initial', 'running') or r.id = (
         select o.id from wand.run o where o.project_id = r.project_id and o.pipeline is not distinct from r.pipeline
           and o.status = 'completed' order by o.id desc limit 1) is true as "isKept"
     from wand.run r where r.id = any($1::bigint[])`,
    [ids],
  );
  return new Map(rows.map(({ id, ...facts }) => [id, facts]));
};
