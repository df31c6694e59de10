import { documentedDifferences } from './differences.ts';
import type { ExactJson } from './exact-json.ts';
import { chanceOf, judgeCase } from './judge.ts';
import { mutations } from './mutations.ts';
import type { CaseOutcome, ConformanceCase } from './types.ts';

/** Paths of recorded values that could be others without a failure: none, if every value of the record counts. */
export const unnoticedChanges = (conformanceCase: ConformanceCase, outcome: CaseOutcome): string[] => {
  const { expected } = conformanceCase;
  const isNoticed = (index: number, changed: ExactJson): boolean => {
    const other = { ...conformanceCase, expected: { ...expected, steps: expected.steps.with(index, changed) } };
    return judgeCase(other, outcome, documentedDifferences).steps[index]!.result.verdict === 'different';
  };
  return expected.steps.flatMap((step, index) =>
    outcome.steps[index]!.kind === 'not-run'
      ? []
      : mutations(step, chanceOf(conformanceCase, outcome, index))
          .filter(({ changed }) => !isNoticed(index, changed))
          .map(({ path }) => `step ${index} ${path}`),
  );
};
