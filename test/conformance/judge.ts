import { compareStep } from './compare.ts';
import type { DocumentedDifference, RuleName } from './differences.ts';
import { exactlyEqual } from './exact-json.ts';
import { parsePath, pathText, valueAt } from './json-path.ts';
import type { CaseOutcome, ConformanceCase, Difference, StepOutcome } from './types.ts';

export type StepVerdict =
  | { verdict: 'equal' }
  | { verdict: 'documented'; rules: RuleName[] }
  | { verdict: 'different'; differences: Difference[] }
  | { verdict: 'unsupported'; feature: string };

export type CaseVerdict = { case: string; steps: { pipeline: string; result: StepVerdict }[]; files: StepVerdict };

/** Judges what came of a case, step by step, and which files it touched. */
export const judgeCase = (
  conformanceCase: ConformanceCase,
  outcome: CaseOutcome,
  documented: DocumentedDifference[],
): CaseVerdict => {
  const { name, file, expected } = conformanceCase;
  const rows = documented.filter((row) => row.case === name);
  return {
    case: name,
    steps: outcome.steps.map((step, index) => ({
      pipeline: file.steps![index]!.pipeline,
      result: judgeStep(
        expected.steps[index] ?? null,
        step,
        rows.filter((row) => row.step === index),
      ),
    })),
    files: judgeFiles(conformanceCase, outcome),
  };
};

const judgeStep = (
  expected: ConformanceCase['expected']['steps'][number],
  outcome: StepOutcome,
  rows: DocumentedDifference[],
): StepVerdict => {
  if (outcome.kind === 'unsupported') return { verdict: 'unsupported', feature: outcome.feature };
  const found = compareStep(expected, outcome.got);
  const failing = rows
    .map((row) => ({ ...row, keys: parsePath(row.path) }))
    .filter(
      ({ keys, wand }) =>
        !found.some(({ path }) => isBelow(path, keys)) || !exactlyEqual(valueAt(outcome.got, keys), wand),
    );
  const open = found.filter(({ path }) => !rows.some((row) => isBelow(path, parsePath(row.path))));
  const stale = failing.map(({ keys, wand, rule }) => ({
    path: keys,
    expected: { 'documented difference': rule, value: wand ?? null },
    got: valueAt(outcome.got, keys),
  }));
  if (open.length + stale.length > 0) return { verdict: 'different', differences: [...open, ...stale] };
  return rows.length === 0
    ? { verdict: 'equal' }
    : { verdict: 'documented', rules: [...new Set(rows.map(({ rule }) => rule))] };
};

const isBelow = (path: (string | number)[], ancestor: (string | number)[]): boolean =>
  pathText(path.slice(0, ancestor.length)) === pathText(ancestor);

/** A step that did not run makes no files, so then only what should not be there is looked at. Mage rewrites project files; wand must not. */
const judgeFiles = ({ expected }: ConformanceCase, outcome: CaseOutcome): StepVerdict => {
  const complete = outcome.steps.every(({ kind }) => kind === 'ran');
  const wanted = (expected.files_created ?? []).filter((path) => !path.includes('/.file_versions/')).sort();
  const got = outcome.filesCreated.filter((path) => complete || !wanted.includes(path));
  const differences: Difference[] = [
    ...(exactlyEqual(complete ? wanted : [], got) ? [] : [{ path: ['files_created'], expected: wanted, got }]),
    ...(outcome.filesChanged.length === 0
      ? []
      : [{ path: ['files_changed'], expected: [], got: outcome.filesChanged }]),
  ];
  return differences.length === 0 ? { verdict: 'equal' } : { verdict: 'different', differences };
};
