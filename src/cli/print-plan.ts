import { visibleText } from '../draw/visible-text.ts';
import type { RunPlan } from '../engine/client/plan-run.ts';
import { formatCount, formatDuration } from './format.ts';
import { printJson } from './print-table.ts';
import { planShape } from './shapes/plan.ts';

/** What a run would do, as text or JSON. Always answers 0. */
export const printPlan = (plan: RunPlan, json: boolean): number => {
  if (json) printJson(planShape(plan));
  else
    process.stdout.write(
      planLines(plan)
        .map((line) => `${line}\n`)
        .join(''),
    );
  return 0;
};

const planLines = (plan: RunPlan): string[] => [
  line(
    'run',
    plan.run.map(visibleText).join(', '),
    plan.expectedMs === null ? '' : `about ${formatDuration(plan.expectedMs)}`,
  ),
  ...plan.reuse.map(({ block, run, rows }) =>
    line('reuse', `${visibleText(block)} of run ${run}${rows === null ? '' : ` (${formatCount(rows)} rows)`}`),
  ),
  ...plan.writes.map(({ table, policy, block }) =>
    line('writes', `${visibleText(table)}  ${visibleText(policy)}`, visibleText(block)),
  ),
  ...(plan.parentRun === null ? [] : [line('code', codeText(plan))]),
  ...(plan.executionDate === null ? [] : [line('date', plan.executionDate)]),
  ...Object.entries(plan.variables).map(([name, value]) =>
    line('variable', `${visibleText(name)} = ${visibleText(JSON.stringify(value) ?? '')}`),
  ),
  ...plan.warnings.map((warning) => line('warning', visibleText(warning))),
  line('same as', visibleText(plan.command)),
];

const codeText = ({ code, changedFiles, parentRun }: RunPlan): string => {
  if (code === 'then') return `as it was in run ${parentRun}`;
  if (changedFiles === null) return `as it is now (what run ${parentRun} ran with was not kept)`;
  if (changedFiles.length === 0) return `as it is now (unchanged since run ${parentRun})`;
  return `as it is now (${changedFiles.map(visibleText).join(', ')} changed since run ${parentRun})`;
};

const line = (word: string, text: string, note = ''): string =>
  `${word.padEnd(9)} ${text}${note === '' ? '' : `  (${note})`}`;
