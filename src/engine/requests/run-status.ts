import { WandError } from '../../problem/wand-error.ts';
import type { Store } from '../../store/open-store.ts';
import type { Claim } from '../claim.ts';

/** A run as block code sees it. */
export type SeenRun = {
  id: string;
  pipeline: string;
  status: string;
  trigger: string;
  executionDate: string;
  variables: Record<string, unknown>;
};

const seen = `r.id::text as id, r.pipeline, r.status, r.trigger, wand.iso(r.execution_date) as "executionDate", r.variables`;

/** A run of the same project by its id. */
export const otherRun = async (store: Store, claim: Claim, id: string): Promise<SeenRun> => {
  const { rows } = /^\d{1,18}$/.test(id)
    ? await store.pool.query<SeenRun>(`select ${seen} from wand.run r where r.id = $1 and r.project_id = $2`, [
        id,
        claim.projectId,
      ])
    : { rows: [] };
  if (!rows[0]) throw new WandError('run-not-found', `this project has no run ${id}`);
  return rows[0];
};

/**
 * The latest run of a pipeline whose execution date lies within the hours up to a date, and the status of a block in it; null if there is
 * none (mage-format.md 3.5, `check_status`).
 */
export const runInWindow = async (
  store: Store,
  claim: Claim,
  { pipeline, executionDate, hours, block }: Record<string, unknown>,
): Promise<(SeenRun & { blockStatus: string | null }) | null> => {
  const { rows } = await store.pool.query<SeenRun & { blockStatus: string | null }>(
    `select ${seen}, (select b.status from wand.block_run b where b.run_id = r.id and b.uuid = $5) as "blockStatus"
     from wand.run r
     where r.project_id = $1 and r.pipeline = $2 and r.execution_date <= $3::timestamptz
       and r.execution_date >= $3::timestamptz - make_interval(secs => $4::float8 * 3600)
     order by r.execution_date desc, r.id desc limit 1`,
    [claim.projectId, String(pipeline), String(executionDate), Number(hours ?? 24), block ?? null],
  );
  return rows[0] ?? null;
};
