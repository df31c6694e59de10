import { visibleText } from '../draw/visible-text.ts';
import type { RunPlan } from '../engine/client/start-run.ts';
import { formatCount } from './format.ts';
import { printJson } from './print-table.ts';

/** What a run would do, as text or JSON. Always answers 0. */
export const printPlan = (plan: RunPlan, json: boolean): number => {
  if (json) {
    printJson({ version: 1, plan });
    return 0;
  }
  const lines = [
    `run     ${plan.run.map(visibleText).join(', ')}`,
    ...plan.reuse.map(
      ({ block, run, rows }) =>
        `reuse   ${visibleText(block)} of run ${run}${rows === null ? '' : ` (${formatCount(rows)} rows)`}`,
    ),
    ...plan.writes.map(({ table, policy }) => `writes  ${visibleText(table)}  ${policy}`),
    ...plan.warnings.map((warning) => `warning ${visibleText(warning)}`),
  ];
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return 0;
};
