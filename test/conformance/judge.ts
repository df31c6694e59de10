import { compareStep } from './compare.ts';
import { type DocumentedDifference, fingerprint, type RuleName } from './differences.ts';
import { type ExactJson, exactlyEqual } from './exact-json.ts';
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
  const entries = documented.filter((entry) => entry.case === name);
  return {
    case: name,
    steps: outcome.steps.map((step, index) => ({
      pipeline: file.steps![index]!.pipeline,
      result: judgeStep(
        expected.steps[index] ?? null,
        step,
        entries.filter((entry) => entry.step === index),
      ),
    })),
    files: judgeFiles(conformanceCase, outcome),
  };
};

const judgeStep = (expected: ExactJson, outcome: StepOutcome, entries: DocumentedDifference[]): StepVerdict => {
  if (outcome.kind === 'unsupported') return { verdict: 'unsupported', feature: outcome.feature };
  const { got } = outcome;
  const found = compareStep(expected, got);
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
