import { compareStep } from './compare.ts';
import { exactText } from './exact-json.ts';
import { type PathKeys, pathText, valueAt } from './json-path.ts';
import type { CaseOutcome, ConformanceCase } from './types.ts';

/**
 * Rows for differences.json as a case came out, their rule left open: to be judged one by one, and thrown away where wand is wrong.
 * A row covers a part of a block (its status, error or outputs) or a table.
 */
export const proposeRows = ({ name, expected }: ConformanceCase, { steps }: CaseOutcome): string[] =>
  steps.flatMap((step, index) => {
    if (step.kind !== 'ran') return [];
    const paths = new Map(
      compareStep(expected.steps[index] ?? null, step.got).map(({ path }) => [pathText(partOf(path)), partOf(path)]),
    );
    return [...paths].map(([path, keys]) => {
      const value = valueAt(step.got, keys);
      return `{"case": ${JSON.stringify(name)}, "step": ${index}, "path": ${JSON.stringify(path)}, "wand": ${value === undefined ? '{"$": "nothing"}' : exactText(value)}}`;
    });
  });

const partOf = (path: PathKeys): PathKeys => path.slice(0, path[0] === 'blocks' ? 3 : 2);
