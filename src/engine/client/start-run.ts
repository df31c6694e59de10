import { buildGraph } from '../../graph/graph.ts';
import { type BlockSelection, selectBlocks } from '../../graph/select.ts';
import type { Problem } from '../../model/problem.ts';
import type { Pipeline, Project } from '../../model/project.ts';
import { WandError } from '../../problem/wand-error.ts';
import { projectThen } from '../code/project-then.ts';
import { findReuse, type Reuse } from '../reuse.ts';
import { blockRunUuid, type RunSettings } from '../run-definition.ts';
import { projectIdentity, submitRun } from '../submit.ts';
import type { EngineClient } from './open-client.ts';

/** How a person asks for a run, from the workbench or the command line. */
export type RunRequest = {
  project: Project;
  pipeline: Pipeline;
  trigger: string;
  variables?: Record<string, unknown>;
  executionDate?: Date;
  settings?: RunSettings;
  owner?: string;
  /** A partial rerun (decisions.md 13); all blocks without it. */
  selection?: PartialSelection;
  /** Run to build on; the last fitting one by default. Without a selection: run all of it again, with its date and variables. */
  runId?: string;
  /** Code and graph of the run it builds on (`then`), or as the files are now. */
  code?: CodeOf;
  /** For a project whose folder this host does not have: who it is, and the code that is kept of it. */
  standIn?: { projectId: string; code: string };
};

export type CodeOf = 'then' | 'now';

export type PartialSelection = Exclude<BlockSelection, 'all'> | { failed: true };

/** Checks a request, finds what a partial rerun builds on, and submits it. Answers the run's id. */
export const startRun = async (client: EngineClient, request: RunRequest): Promise<string> => {
  const { project, pipeline, reuse, code, executionDate, variables } = await prepareRun(client, request);
  return submitRun(client.store, await client.queue(), {
    project,
    pipeline,
    trigger: request.trigger,
    executionDate,
    variables,
    settings: { ...reuse?.settings, ...request.settings },
    owner: request.owner,
    code: code ?? request.standIn?.code,
    projectId: request.standIn?.projectId,
    reuse,
  });
};

/** A request with everything decided: what is run, on what, with which code, date and variables. */
export type PreparedRun = {
  project: Project;
  pipeline: Pipeline;
  /** The run it builds on. */
  reuse?: Reuse;
  /** Hash of code to run with; as the files are now without it. */
  code?: string;
  executionDate: Date;
  variables: Record<string, unknown>;
};

/** Decides what a request comes to; nothing is written. Throws WandError: broken pipeline, unknown block, nothing to build on. */
export const prepareRun = async (client: EngineClient, given: RunRequest): Promise<PreparedRun> => {
  const { code, ...request } = given.code === 'then' ? await asThen(client, given) : given;
  refuseBroken(request.project, request.pipeline);
  const reuse = await baseOf(client, request);
  return {
    project: request.project,
    pipeline: request.pipeline,
    reuse,
    ...(code === 'now' ? {} : { code }),
    executionDate: request.executionDate ?? (reuse ? new Date(reuse.executionDate) : new Date()),
    variables: { ...reuse?.variables, ...request.variables },
  };
};

/** A request with the project as the run found it that it builds on; `code` is the hash of that. */
const asThen = async (
  client: EngineClient,
  request: RunRequest,
): Promise<Omit<RunRequest, 'code'> & { code: string }> => {
  const runId = request.runId ?? (await baseOf(client, request))?.runId;
  if (runId === undefined) {
    throw new WandError('bad-usage', '--code then needs a run to take the code of', {
      fix: 'add --run RUN, or --block, --from, --upto or --failed',
    });
  }
  requireRunId(runId);
  return { ...request, runId, ...(await projectThen(client.store, runId, request)) };
};

const stopsAll = ({ severity, failsBlockOnly }: Problem): boolean => severity === 'error' && !failsBlockOnly;

/** A pipeline with errors does not start (but for a missing file, which is its block's failure); the first one is the message. */
export const refuseBroken = (project: Project, pipeline: Pipeline): void => {
  const problem = pipeline.problems.find(stopsAll);
  if (problem) {
    throw new WandError('invalid-pipeline', `${project.uuid}/${pipeline.uuid} cannot run: ${problem.message}`, {
      file: problem.file ?? pipeline.file,
      line: problem.line,
      fix: problem.fix ?? `wand check lists everything that is wrong`,
    });
  }
  if (pipeline.blocks.length === 0) {
    throw new WandError('empty-pipeline', `${project.uuid}/${pipeline.uuid} has no blocks to run`, {
      file: pipeline.file,
      fix: 'add a block to its `blocks` list',
    });
  }
};

const requireRunId = (runId: string): void => {
  if (/^\d{1,18}$/.test(runId)) return;
  throw new WandError('run-not-found', `--run ${runId}: a run has a number`, { fix: 'wand runs lists them' });
};

const baseOf = async (client: EngineClient, request: Omit<RunRequest, 'code'>): Promise<Reuse | undefined> => {
  const { project, pipeline, selection, runId } = request;
  if (!selection && runId === undefined) return undefined;
  if (runId !== undefined) requireRunId(runId);
  const execute = !selection
    ? new Set(pipeline.blocks.map(({ uuid }) => uuid))
    : 'failed' in selection
      ? await failedBlocks(client, request)
      : selected(pipeline, selection);
  return findReuse(client.store.pool, { projectId: projectIdentity(project), pipeline, execute, runId });
};

const selected = (pipeline: Pipeline, selection: Exclude<BlockSelection, 'all'>): Set<string> => {
  const [uuid] = Object.values(selection);
  if (!pipeline.blocks.some((block) => block.uuid === uuid)) {
    throw new WandError('block-not-found', `${pipeline.uuid} has no block ${uuid}`, {
      file: pipeline.file,
      fix: `its blocks: ${pipeline.blocks.map((block) => block.uuid).join(', ')}`,
    });
  }
  return selectBlocks(buildGraph(nodesOf(pipeline)), selection);
};

/** Every block of the last (or given) run that has not completed. */
const failedBlocks = async (
  client: EngineClient,
  { project, pipeline, runId }: Pick<RunRequest, 'project' | 'pipeline' | 'runId'>,
): Promise<Set<string>> => {
  const { rows } = await client.store.pool.query<{ id: string; status: string; uuids: string[] }>(
    `select r.id::text, r.status, coalesce((select array_agg(coalesce(b.definition->>'childOf', b.uuid)) from wand.block_run b
       where b.run_id = r.id and b.status <> 'completed'), '{}') as uuids
     from wand.run r where r.project_id = $1 and r.pipeline = $2 and ($3::bigint is null or r.id = $3)
     order by r.id desc limit 1`,
    [projectIdentity(project), pipeline.uuid, runId ?? null],
  );
  if (rows[0] && ['initial', 'running'].includes(rows[0].status)) {
    throw new WandError(
      'run-open',
      `run ${rows[0].id} of ${pipeline.uuid} has not ended: what failed in it is not known yet`,
      {
        fix: `wand show ${rows[0].id}, or wand cancel ${rows[0].id}`,
      },
    );
  }
  const uuids = new Set(rows[0]?.uuids ?? []);
  if (uuids.size === 0) {
    throw new WandError(
      'nothing-failed',
      rows[0] ? `nothing failed in run ${rows[0].id} of ${pipeline.uuid}` : `${pipeline.uuid} has no run yet`,
      { fix: `wand run ${pipeline.uuid} runs all of it` },
    );
  }
  return new Set(pipeline.blocks.filter((block) => uuids.has(blockRunUuid(block))).map(({ uuid }) => uuid));
};

const nodesOf = (pipeline: Pipeline): { id: string; upstream: string[] }[] =>
  pipeline.blocks.map(({ uuid, upstream }) => ({ id: uuid, upstream }));
