import { WandError } from '../../problem/wand-error.ts';
import { readProject } from '../../project/read-project.ts';
import type { Store } from '../../store/open-store.ts';
import type { Claim } from '../claim.ts';

/**
 * Variables of a pipeline: those of its file, under those that blocks have set. wand keeps the latter in its state, where Mage rewrites the
 * pipeline's file (mage-format.md 7.4, 14).
 */
export const pipelineVariables = async (
  store: Store,
  claim: Claim,
  pipeline: string,
): Promise<Record<string, unknown>> => {
  const written = readProject(claim.projectPath).pipelines.find(({ uuid }) => uuid === pipeline)?.variables;
  if (!written) throw new WandError('pipeline-not-found', `the project has no pipeline ${pipeline}`);
  const { rows } = await store.pool.query<{ name: string; value: unknown; deleted: boolean }>(
    'select name, value, deleted from wand.variable where project_id = $1 and pipeline = $2',
    [claim.projectId, pipeline],
  );
  const variables = { ...written };
  for (const { name, value, deleted } of rows) {
    if (deleted) delete variables[name];
    else variables[name] = value;
  }
  return variables;
};

type Place = { pipeline: unknown; name: unknown };

/** Sets a variable for this block's successors, and for all later runs of the pipeline. */
export const setVariable = async (store: Store, claim: Claim, place: Place & { value: unknown }): Promise<void> =>
  write(store, claim, place, { value: place.value ?? null, deleted: false });

export const deleteVariable = async (store: Store, claim: Claim, place: Place): Promise<void> =>
  write(store, claim, place, { value: null, deleted: true });

const write = async (
  store: Store,
  claim: Claim,
  { pipeline, name }: Place,
  { value, deleted }: { value: unknown; deleted: boolean },
): Promise<void> => {
  await store.pool.query(
    `insert into wand.variable (project_id, pipeline, name, value, deleted) values ($1, $2, $3, $4, $5)
     on conflict (project_id, pipeline, name) do update set value = $4, deleted = $5`,
    [claim.projectId, String(pipeline), String(name), JSON.stringify(value), deleted],
  );
};
