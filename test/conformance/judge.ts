import { join } from 'node:path';
import type { Project } from '../../src/model/project.ts';
import { readProject } from '../../src/project/read-project.ts';
import { type Edges, leftToChance } from './chance.ts';
import { compareStep } from './compare.ts';
import { compareValues } from './compare-values.ts';
import { type DocumentedDifference, fingerprint, type RuleName } from './differences.ts';
import { type ExactJson, exactlyEqual } from './exact-json.ts';
import { parsePath, pathText, valueAt } from './json-path.ts';
import type { CaseOutcome, ConformanceCase, Difference, StepOutcome } from './types.ts';

export type StepVerdict =
  | { verdict: 'equal' }
  | { verdict: 'documented'; rules: RuleName[] }
  | { verdict: 'different'; differences: Difference[] }
  | { verdict: 'not-run'; reason: string };

export type CaseVerdict = {
  case: string;
  /** `chance`: blocks whose end was left to chance; only what both sides have of them is compared. */
  steps: { pipeline: string; result: StepVerdict; chance: string[] }[];
  files: StepVerdict;
};

/** Judges what came of a case, step by step, and which files it touched. */
export const judgeCase = (
  conformanceCase: ConformanceCase,
  outcome: CaseOutcome,
  documented: DocumentedDifference[],
): CaseVerdict => {
  const { name, folder, file, expected } = conformanceCase;
  const entries = documented.filter((entry) => entry.case === name);
  const project = projectIn(folder);
  return {
    case: name,
    steps: outcome.steps.map((step, index) => ({
      pipeline: file.steps![index]!.pipeline,
      result: judgeStep(
        expected.steps[index] ?? null,
        step,
        edgesOf(project, file.steps![index]!.pipeline),
        entries.filter((entry) => entry.step === index),
      ),
      chance: [...chanceOf(conformanceCase, outcome, index)],
    })),
    files: judgeFiles(
      conformanceCase,
      outcome,
      entries.filter((entry) => entry.step === 'files'),
    ),
  };
};

/** Blocks of a step of which chance decided whether they came to their end. */
export const chanceOf = (
  { folder, file, expected }: ConformanceCase,
  { steps }: CaseOutcome,
  index: number,
): Set<string> => {
  const step = steps[index];
  if (step?.kind !== 'ran') return new Set();
  const edges = edgesOf(projectIn(folder), file.steps![index]!.pipeline);
  return leftToChance(expected.steps[index] ?? null, step.got, edges);
};

/** Read once: a test judges thousands of changed records of a case. */
const projectIn = (folder: string): Project => {
  const known = projects.get(folder) ?? readProject(join(folder, 'project'));
  projects.set(folder, known);
  return known;
};

const projects = new Map<string, Project>();

const edgesOf = ({ pipelines }: Project, uuid: string): Edges =>
  new Map(
    pipelines
      .find((pipeline) => pipeline.uuid === uuid)
      ?.blocks.map((block): [string, string[]] => [block.uuid, block.upstream]) ?? [],
  );

const judgeStep = (
  expected: ExactJson,
  outcome: StepOutcome,
  edges: Edges,
  entries: DocumentedDifference[],
): StepVerdict => {
  if (outcome.kind === 'not-run') return { verdict: 'not-run', reason: outcome.reason };
  return judge(expected, outcome.got, compareStep(expected, outcome.got, edges), entries);
};

const judge = (
  expected: ExactJson,
  got: ExactJson,
  found: Difference[],
  entries: DocumentedDifference[],
): StepVerdict => {
  const documented = entries.flatMap(({ wand }) => [...wand.keys()].map(parsePath));
  const open = found.filter(({ path }) => !documented.some((ancestor) => isBelow(path, ancestor)));
  const stale = entries.flatMap((entry) => staleRows(entry, { expected, got, found }));
  if (open.length + stale.length > 0) return { verdict: 'different', differences: [...open, ...stale] };
  if (entries.length === 0) return { verdict: 'equal' };
  return { verdict: 'documented', rules: [...new Set(entries.map(({ rule }) => rule))] };
};

/** Documented differences that are none, that are others, or that were to another record of Mage. */
const staleRows = (
  { rule, mage, wand }: DocumentedDifference,
  { expected, got, found }: { expected: ExactJson; got: ExactJson; found: Difference[] },
): Difference[] => {
  const rows = [...wand]
    .map(([path, value]) => ({ path: parsePath(path), value }))
    .filter(
      ({ path, value }) => !found.some((it) => isBelow(it.path, path)) || !exactlyEqual(valueAt(got, path), value),
    )
    .map(({ path, value }) => ({
      path,
      expected: { 'documented difference': rule, value: value ?? null },
      got: valueAt(got, path),
    }));
  const actual = fingerprint(expected, wand.keys());
  return actual === mage
    ? rows
    : [
        ...rows,
        { path: ['documented difference', rule], expected: `a record of Mage with fingerprint ${mage}`, got: actual },
      ];
};

const isBelow = (path: (string | number)[], ancestor: (string | number)[]): boolean =>
  pathText(path.slice(0, ancestor.length)) === pathText(ancestor);

/** A step that did not run makes no files, so then only what should not be there is looked at. Mage rewrites project files; wand must not. */
const judgeFiles = (
  { expected }: ConformanceCase,
  outcome: CaseOutcome,
  entries: DocumentedDifference[],
): StepVerdict => {
  const complete = outcome.steps.every(({ kind }) => kind === 'ran');
  const all = (expected.files_created ?? []).filter((path) => !path.includes('/.file_versions/')).sort();
  const created = outcome.filesCreated.filter((path) => complete || !all.includes(path));
  const wanted: ExactJson = { files_created: complete ? all : [], files_changed: [] };
  const got: ExactJson = { files_created: created, files_changed: outcome.filesChanged };
  return judge(wanted, got, compareValues(wanted, got, []), entries);
};
