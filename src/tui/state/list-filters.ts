import type { Pipeline, Project } from '../../model/project.ts';
import type { Run } from '../../model/run.ts';
import { type FieldKind, type Filter, type Filterable, parseFilter } from './filter.ts';
import { elapsed } from './select.ts';
import { pipelineKey, type State } from './state.ts';

/** Fields of a run in a filter. */
const runFields: Readonly<Record<string, FieldKind>> = {
  state: 'text',
  dur: 'duration',
  age: 'duration',
  id: 'number',
  trigger: 'text',
  date: 'text',
  var: 'text',
  parent: 'number',
};

/** Fields of a pipeline in the tree: its last run's, and its own. */
const pipelineFields: Readonly<Record<string, FieldKind>> = {
  pipeline: 'text',
  project: 'text',
  type: 'text',
  tag: 'text',
  blocks: 'number',
  ...runFields,
};

const runRow = (run: Run, now: number): Filterable => ({ name: run.id, fields: runValues(run, now) });

const runValues = (run: Run, now: number): Filterable['fields'] => ({
  state: run.status,
  dur: run.startedAt === null ? null : elapsed(run.startedAt, run.finishedAt, now),
  age: Math.max(0, now - Date.parse(run.startedAt ?? run.createdAt)),
  id: Number(run.id),
  trigger: run.trigger,
  date: run.executionDate,
  var: JSON.stringify(run.variables),
  parent: run.parentRunId === null ? null : Number(run.parentRunId),
});

export const pipelineRow = (project: Project, pipeline: Pipeline, latest: State['latest'], now: number): Filterable => {
  const run = latest.get(pipelineKey({ projectPath: project.path, pipeline: pipeline.uuid }));
  const broken = pipeline.problems.some(({ severity }) => severity === 'error');
  const ran = run ? runValues(run, now) : {};
  return {
    name: `${pipeline.uuid} ${pipeline.name}`,
    fields: {
      ...ran,
      state: broken ? 'broken' : (ran.state ?? 'never'),
      pipeline: pipeline.uuid,
      project: project.uuid,
      type: pipeline.type,
      tag: pipeline.tags.join(' '),
      blocks: pipeline.blocks.length,
    },
  };
};

/** The runs of the list that its filter leaves. */
export const shownRuns = (state: Pick<State, 'runs' | 'runsFilter' | 'now'>): readonly Run[] => {
  if (state.runsFilter.trim() === '') return state.runs;
  const { matches } = parseFilter(state.runsFilter, runFields);
  return state.runs.filter((run) => matches(runRow(run, state.now)));
};

/** What is wrong in a filter that is being typed. */
export const filterProblem = (pane: 'tree' | 'runs', text: string): string | null =>
  parseFilter(text, pane === 'runs' ? runFields : pipelineFields).problem;

let last: { text: string; filter: Filter } | undefined;

/** Called for every row of every frame: parsed once. */
export const treeFilter = (text: string): Filter => {
  if (last?.text !== text) last = { text, filter: parseFilter(text, pipelineFields) };
  return last.filter;
};
