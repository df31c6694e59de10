import type { StatusName } from '../../draw/glyphs.ts';
import type { GraphBlock } from '../../draw/graph/blocks.ts';
import { clock, duration, shortCount } from '../../draw/numbers.ts';
import { displayText } from '../../draw/text-width.ts';
import type { StoredOutput } from '../../model/output.ts';
import type { Block, Pipeline, Project } from '../../model/project.ts';
import type { BlockRun, Run } from '../../model/run.ts';
import { dataKey } from './data-look.ts';
import type { State } from './state.ts';

export const openProject = ({ instance, pipeline }: State): Project | undefined =>
  instance?.projects.find(({ path }) => path === pipeline?.projectPath);

export const openPipeline = (state: State): Pipeline | undefined =>
  openProject(state)?.pipelines.find(({ uuid }) => uuid === state.pipeline?.pipeline);

/** The project whose database and tables are meant: that of the open pipeline, else the first one; undefined where there is none. */
export const projectPathOf = ({ pipeline, instance }: Pick<State, 'pipeline' | 'instance'>): string | undefined =>
  pipeline?.projectPath ?? instance?.projects[0]?.path;

/** The shown run, from its snapshot or from the list while the snapshot is on its way. */
export const shownRun = ({ snapshot, runs, runId }: State): Run | undefined =>
  snapshot?.run ?? runs.find(({ id }) => id === runId);

export const blockRun = ({ snapshot }: State, uuid: string | null): BlockRun | undefined =>
  snapshot?.blocks.find((block) => block.uuid === uuid);

/** The block as the pipeline's file has it now. */
export const blockFile = (state: State, uuid: string | null): Block | undefined => {
  const pipeline = openPipeline(state);
  if (!pipeline) return undefined;
  return [...pipeline.blocks, ...pipeline.callbacks, ...pipeline.conditionals, ...pipeline.charts].find(
    (block) => block.uuid === uuid,
  );
};

export const isActive = ({ status }: Pick<Run, 'status'>): boolean => status === 'initial' || status === 'running';

export const elapsed = (from: string | null, to: string | null, now: number): number =>
  from === null ? 0 : Math.max(0, (to === null ? now : Date.parse(to)) - Date.parse(from));

/** What the graph shows: the run's blocks, or the pipeline's where nothing has run. */
export const graphBlocks = (state: State): GraphBlock[] => {
  const { snapshot } = state;
  if (snapshot) {
    const ended = !isActive(snapshot.run);
    return snapshot.blocks.map((block) => ({
      ...runFigures(block, ended, state.now),
      ...identity(block.uuid, state),
      upstream: block.upstream,
    }));
  }
  return (openPipeline(state)?.blocks ?? []).map((block) => ({
    ...identity(block.uuid, state),
    upstream: block.upstream,
    status: 'none' as const,
    rows: '',
    time: '',
    remark: block.fileExists || block.file === null ? '' : 'file is missing',
  }));
};

const identity = (uuid: string, state: State): { id: string; name: string } => ({
  id: uuid,
  name: displayText(blockFile(state, uuid)?.name || uuid),
});

const runFigures = (
  block: BlockRun,
  ended: boolean,
  now: number,
): Pick<GraphBlock, 'status' | 'rows' | 'time' | 'remark'> => {
  const status: StatusName = block.status;
  const rows = block.rows === null ? '' : shortCount(block.rows);
  const running = status === 'running';
  const spent = elapsed(block.startedAt, block.finishedAt, now);
  const time = block.startedAt === null ? '' : running ? clock(spent) : block.finishedAt ? duration(spent) : '';
  return { status, rows, time, remark: remarkOf(block, ended) };
};

/** Why a block does not begin: no living worker has all its tags. Null where that is not the reason. */
export const missingWorker = ({ missingTags }: Pick<BlockRun, 'missingTags'>): string | null => {
  if (!missingTags?.length) return null;
  const tags = missingTags.map(displayText).join(', ');
  return `waits for a worker with ${missingTags.length === 1 ? 'tag' : 'tags'} ${tags}; none is alive`;
};

const remarkOf = (block: BlockRun, ended: boolean): string => {
  const { status, attempt, reusedFrom, startedAt } = block;
  if (block.missingTags?.length && !ended) return 'no worker';
  if (reusedFrom !== null) return `from run ${reusedFrom}`;
  if (status === 'failed' && attempt > 1) return `attempt ${attempt}`;
  if (status === 'upstream_failed' || status === 'condition_failed') return 'not run';
  if (status === 'cancelled') return startedAt === null ? 'not run' : 'cancelled';
  return ended && status === 'initial' ? 'not run' : '';
};

export const failedBlocks = ({ snapshot }: State): BlockRun[] =>
  snapshot?.blocks.filter(({ status }) => status === 'failed') ?? [];

export const outputsOf = (state: State): StoredOutput[] => blockRun(state, state.block)?.outputs ?? [];

/** Run whose outputs a block shows: its own, or the one it was reused from. */
export const outputRunId = (state: State): string | null => blockRun(state, state.block)?.reusedFrom ?? state.runId;

export type ShownData =
  | { kind: 'query'; base: string; key: string; title: string }
  | { kind: 'table'; base: string; key: string; title: string }
  | { kind: 'output'; base: string; key: string; title: string; runId: string; block: string; output: StoredOutput }
  | { kind: 'none'; base: null; key: null; title: string; reason: string };

/** What the data pane shows. The key changes with the attempt, so that a new attempt's rows replace the old ones. */
export const dataView = (state: State): ShownData => {
  const { table, output: wanted, query, look } = state.data;
  if (query) {
    const base = JSON.stringify(['query', query.id]);
    return { kind: 'query', base, key: dataKey(base, look)!, title: query.write ? 'console, may write' : 'console' };
  }
  if (table) {
    const title = displayText(`${table.schema}.${table.table}`);
    const base = JSON.stringify([
      'table',
      state.pipeline?.projectPath ?? null,
      table.profile,
      table.schema,
      table.table,
    ]);
    return { kind: 'table', base, key: dataKey(base, look)!, title };
  }
  const none = (reason: string): ShownData => ({
    kind: 'none',
    base: null,
    key: null,
    title: displayText(state.block ?? ''),
    reason,
  });
  if (!state.pipeline) return none('Open a pipeline in the tree (1), or choose a table (T).');
  const block = blockRun(state, state.block);
  if (!block) {
    const waiting = state.runId !== null || !state.runsLoaded;
    return none(
      waiting
        ? 'Waiting for the database.'
        : 'Nothing has run yet: press r to run this pipeline, or T to choose a table.',
    );
  }
  const outputs = block.outputs;
  if (outputs.length === 0) return none(reasonWithoutRows(block));
  const output = outputs[Math.min(wanted, outputs.length - 1)]!;
  const title = `${displayText(block.uuid)} ${displayText(output.name)}`;
  if (output.kind === 'pickle') return none(`${title} is a Python object, which only Python can read.`);
  const runId = outputRunId(state)!;
  const base = JSON.stringify(['output', runId, block.uuid, output.name, block.attempt]);
  return { kind: 'output', base, key: dataKey(base, look)!, title, runId, block: block.uuid, output };
};

const reasonWithoutRows = ({ uuid, status }: BlockRun): string => {
  const name = displayText(uuid);
  if (status === 'running') return `${name} is running; its rows come when it is done.`;
  if (status === 'completed') return `${name} has no output.`;
  if (status === 'failed') return `${name} failed before it had an output.`;
  return `${name} has not run.`;
};

/** Key of the log on show: whose lines, and which of them. */
export const logKey = (state: State): string | null => {
  const { block, filter, level } = logQuery(state);
  return state.runId === null ? null : JSON.stringify([state.runId, block, filter, level]);
};

export const logQuery = ({ block, logs: { scope, filter, level } }: State) => ({
  block: scope === 'block' ? block : null,
  filter,
  level,
});

/** File and line whose code is shown: the block's own, and for a failure the place that failed. */
export const codeView = (state: State): { file: string | null; line: number | null } => {
  const own = blockFile(state, state.block)?.file ?? null;
  const error = blockRun(state, state.block)?.error;
  if (!error?.file || error.line === null) return { file: own, line: null };
  if (state.tab === 'failure' || own === null) return { file: error.file, line: error.line };
  return { file: own, line: error.file === own ? error.line : null };
};
