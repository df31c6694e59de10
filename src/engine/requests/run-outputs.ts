import type { StoredOutput } from '../../model/output.ts';
import type { Store } from '../../store/open-store.ts';
import type { Claim } from '../claim.ts';
import { localOutput } from '../outputs/fetch-output.ts';

/**
 * Outputs of a block of another run of the project (`get_variable`): of the run that a partition (`<run>/<stamp>`) names, else of this
 * run if it has that block, else of the last run in which the block completed. Empty if there are none.
 */
export const runOutputs = async (
  store: Store,
  claim: Claim,
  { pipeline, block, partition }: Record<string, unknown>,
): Promise<StoredOutput[]> => {
  const [run] = typeof partition === 'string' ? (/^\d{1,18}/.exec(partition) ?? []) : [];
  const { rows } = await store.pool.query<{ outputs: StoredOutput[] }>(
    `select wand.outputs(b.id) as outputs from wand.block_run b join wand.run r on r.id = b.run_id
     where r.project_id = $1 and r.pipeline = $2 and b.uuid = $3 and b.status = 'completed'
       and ($4::bigint is null or r.id = $4)
     order by (r.id = $5) desc, r.id desc limit 1`,
    [claim.projectId, String(pipeline), String(block), run ?? null, claim.runId],
  );
  return Promise.all((rows[0]?.outputs ?? []).map((output) => localOutput(store, output)));
};
