import { exactText } from './exact-json.ts';
import { pathText } from './json-path.ts';
import type { CaseVerdict, StepVerdict } from './judge.ts';
import type { Difference } from './types.ts';

/** A line for each step of a case; of a failing one the first difference, or all of them. */
export const reportLines = (verdict: CaseVerdict, { all = false } = {}): string[] => [
  ...verdict.steps.map(
    ({ pipeline, result, chance }, index) =>
      `${verdict.case} ${index} ${pipeline}: ${describe(result, all)}${chance.length > 0 ? ` (left to chance: ${chance.join(', ')})` : ''}`,
  ),
  ...(verdict.files.verdict === 'equal' ? [] : [`${verdict.case} files: ${describe(verdict.files, all)}`]),
];

const describe = (result: StepVerdict, all: boolean): string => {
  switch (result.verdict) {
    case 'equal':
      return 'equal';
    case 'documented':
      return `documented difference: ${result.rules.join('; ')}`;
    case 'not-run':
      return `not run: ${result.reason}`;
    case 'different': {
      const shown = all ? result.differences : result.differences.slice(0, 1);
      const more = result.differences.length - shown.length;
      return `DIFFERENT ${shown.map(differenceText).join('')}${more > 0 ? `\n    and ${more} more` : ''}`;
    }
  }
};

const differenceText = ({ path, expected, got }: Difference): string =>
  `\n    at ${pathText(path)}\n      expected ${short(exactText(expected))}\n      got      ${short(exactText(got))}`;

const short = (text: string): string =>
  text.length > 600 ? `${text.slice(0, 600)}… (${text.length} characters)` : text;

/** The same as one JSON value: differences by path, expected and got as text of JSON (null = nothing there). */
export const reportJson = (verdict: CaseVerdict) => ({
  case: verdict.case,
  steps: verdict.steps.map(({ pipeline, result, chance }) => ({ pipeline, ...plain(result), chance })),
  files: plain(verdict.files),
});

const plain = (result: StepVerdict) =>
  result.verdict === 'different'
    ? {
        verdict: result.verdict,
        differences: result.differences.map(({ path, expected, got }) => ({
          path: pathText(path),
          expected: expected === undefined ? null : exactText(expected),
          got: got === undefined ? null : exactText(got),
        })),
      }
    : result;

/** Equal, different as documented, or not run for a reason that is named, in every step. */
export const hasPassed = ({ steps, files }: CaseVerdict): boolean =>
  [...steps.map(({ result }) => result), files].every(({ verdict }) => verdict !== 'different');
