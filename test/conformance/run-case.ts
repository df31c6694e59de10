import { owedCallbacks } from '../../src/engine/callbacks.ts';
import { cancelRun, type EngineClient, retry, startRun } from '../../src/engine/client/index.ts';
import type { RunSettings } from '../../src/engine/run-definition.ts';
import type { Pipeline, Project } from '../../src/model/project.ts';
import type { RunSnapshot } from '../../src/model/run.ts';
import { connectClient } from '../../src/postgres/connect.ts';
import { messageOf, WandError } from '../../src/problem/wand-error.ts';
import { readProject } from '../../src/project/read-project.ts';
import { listRuns, readSnapshot } from '../../src/store/queries/read-runs.ts';
import { type ExactJson, field } from './exact-json.ts';
import { whyNotRun } from './not-run.ts';
import { observeRun } from './observe.ts';
import { readTables, type Tables, tableChanges } from './read-tables.ts';
import { type Scrub, scrubber } from './scrub.ts';
import { prepareSurroundings, type Surroundings, withEnvironment } from './surroundings.ts';
import type { CaseOutcome, ConformanceCase, Step, StepOutcome } from './types.ts';
import { saveDatabase } from './undo-step.ts';

/** Seconds a step may take, unless it says otherwise. */
const patience = 120;

/**
 * Runs the steps of a case in order, in a copy of its project and a fresh database, on an engine that has a worker in this
 * process. Cases run one at a time, since the environment of this process is the case's meanwhile.
 */
export const runCase = async (conformanceCase: ConformanceCase, client: EngineClient): Promise<CaseOutcome> => {
  const surroundings = await prepareSurroundings(conformanceCase);
  try {
    const steps = await withEnvironment(surroundings.environment, () =>
      runSteps(conformanceCase, client, surroundings),
    );
    const { created, changed } = surroundings.touchedFiles();
    return { steps, filesCreated: created, filesChanged: changed };
  } finally {
    await surroundings.remove();
  }
};

const runSteps = async (
  { file, expected }: ConformanceCase,
  client: EngineClient,
  surroundings: Surroundings,
): Promise<StepOutcome[]> => {
  const outcomes: StepOutcome[] = [];
  const earlier = Number((await listRuns(client.store.pool, { limit: 1 }))[0]?.id ?? 0);
  let tables: Tables = new Map();
  for (const [index, step] of (file.steps ?? []).entries()) {
    const before = leftNothing(expected.steps[index]) ? await saveDatabase(surroundings.database) : null;
    const { outcome, scrub } = await runStep({ step, index, before: earlier }, client, surroundings);
    const after = await tablesNow(surroundings);
    if (outcome.kind === 'ran') outcome.got = { ...(outcome.got as object), ...tableChanges(tables, after, scrub) };
    outcomes.push(outcome);
    await (isCompleted(outcome) ? before?.restore() : before?.discard());
    tables = await tablesNow(surroundings);
  }
  return outcomes;
};

const leftNothing = (expected: ExactJson | undefined): boolean =>
  field(expected, 'status') === 'failed' && field(expected, 'tables_after') === undefined;

const isCompleted = (outcome: StepOutcome): boolean =>
  outcome.kind === 'ran' && field(outcome.got, 'status') === 'completed';

/** A step, its place, and the number of the last run before the case: Mage's runs are numbered within it. */
type StepPlace = { step: Step; index: number; before: number };

const runStep = async (
  { step, index, before }: StepPlace,
  client: EngineClient,
  surroundings: Surroundings,
): Promise<{ outcome: StepOutcome; scrub: Scrub }> => {
  const scrub = scrubber(surroundings);
  const project = readProject(surroundings.projectPath);
  const pipeline = project.pipelines.find(({ uuid }) => uuid === step.pipeline);
  if (!pipeline) return { outcome: refused(step, `no pipeline ${step.pipeline}`), scrub };
  const reason = whyNotRun(step);
  if (reason) return { outcome: { kind: 'not-run', reason }, scrub };
  try {
    const snapshot = await runPipeline({ step, index }, client, { project, pipeline });
    const observed = await observeRun(client, snapshot, { surroundings, pipeline, number: index + 1, before });
    return { outcome: { kind: 'ran', got: observed.got }, scrub: observed.scrub };
  } catch (error) {
    if (!(error instanceof WandError)) throw error;
    return { outcome: refused(step, String(scrub(messageOf(error)))), scrub };
  }
};

const refused = (step: Step, error: string): StepOutcome => ({
  kind: 'ran',
  got: { pipeline: step.pipeline, status: 'refused', error },
});

const runPipeline = async (
  { step, index }: Pick<StepPlace, 'step' | 'index'>,
  client: EngineClient,
  { project, pipeline }: { project: Project; pipeline: Pipeline },
): Promise<RunSnapshot> => {
  const last = step.retry || step.rerun ? await lastRun(client, project, pipeline) : undefined;
  const from = field(step.retry as ExactJson | undefined, 'from_block');
  if (last && step.retry) await retry(client, { runId: last, ...(typeof from === 'string' ? { from } : {}) });
  const runId = step.retry ? last! : await start({ step, index }, client, { project, pipeline }, last);
  return waitForEnd(client, runId, {
    patience: step.timeout ?? patience,
    cancelAfter: typeof step.cancel_after === 'number' ? step.cancel_after : null,
  });
};

const lastRun = async (client: EngineClient, { path }: Project, { uuid }: Pipeline): Promise<string | undefined> =>
  (await listRuns(client.store.pool, { projectPath: path, pipeline: uuid, limit: 1 }))[0]?.id;

const start = (
  { step, index }: Pick<StepPlace, 'step' | 'index'>,
  client: EngineClient,
  { project, pipeline }: { project: Project; pipeline: Pipeline },
  last: string | undefined,
): Promise<string> =>
  startRun(client, {
    project,
    pipeline,
    // As the recorder named its triggers: group of steps, step, turn.
    trigger: `trigger 0_${index}_0`,
    variables: { ...step.trigger?.variables, ...step.variables },
    settings: settingsOf(step),
    // A run again has the execution date of the one before.
    runId: last,
  });

const settingsOf = ({ trigger, variables }: Step): RunSettings => {
  const { allow_blocks_to_fail: mayFail, timeout, timeout_status: status } = trigger?.settings ?? {};
  return {
    allowBlocksToFail: mayFail === true,
    // With variables the run is made as by an API call.
    ...(variables === undefined ? {} : { api: true }),
    ...(typeof timeout === 'number' ? { timeout } : {}),
    ...(status === 'cancelled' ? { timeoutStatus: status } : {}),
  };
};

/** How long a cancelled run and its callbacks may take to end. Milliseconds. */
const mostEnding = 60_000;

/** Waits until a run has ended and its callbacks are called, cancels it where the step wants that, and when it takes too long. */
const waitForEnd = async (
  client: EngineClient,
  runId: string,
  limits: { patience: number; cancelAfter: number | null },
): Promise<RunSnapshot> => {
  const started = Date.now();
  const limit = Math.min(limits.patience, limits.cancelAfter ?? limits.patience) * 1000;
  let cancelled = false;
  for (;;) {
    const snapshot = await readSnapshot(client.store.pool, runId);
    if (snapshot && !['initial', 'running'].includes(snapshot.run.status)) {
      if ((await owedCallbacks(client.store, runId)) === 0) return snapshot;
    }
    if (!cancelled && Date.now() - started > limit) {
      cancelled = true;
      await cancelRun(client.store, runId);
    }
    if (Date.now() - started > limit + mostEnding)
      throw new Error(`run ${runId} is ${snapshot?.run.status ?? 'gone'} ${mostEnding / 1000} s after its time`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const tablesNow = async ({ database }: Surroundings): Promise<Tables> => {
  const client = await connectClient(database, { applicationName: 'conformance' });
  try {
    return await readTables(client);
  } finally {
    await client.end();
  }
};
