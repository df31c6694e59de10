import { wrapped } from '../../../draw/failure.ts';
import { line, type Span, span } from '../../../draw/line.ts';
import { duration, fullCount } from '../../../draw/numbers.ts';
import { displayText, fitted } from '../../../draw/text-width.ts';
import type { Theme } from '../../../draw/theme.ts';
import type { RunPlan } from '../../../engine/client/plan-run.ts';
import { variableText } from '../../../engine/client/rerun-command.ts';
import { planLine } from '../../keys/actions/plan.ts';
import type { PlanDialog, PlanEdit } from '../../state/dialog.ts';
import type { State } from '../../state/state.ts';
import type { RerunRequest } from '../../workbench-source.ts';
import type { DialogContent } from './content.ts';

const labelWidth = 12;
const mostRows = 4;

/** What runs, what is reused, what it writes, with which code, variables and date, and the same as a command. */
export const planContent = (
  state: State,
  dialog: PlanDialog,
  width: number,
  height: number,
  theme: Theme,
): DialogContent => {
  const { request, plan, trouble } = dialog;
  const row = (label: string, ...spans: Span[]): string =>
    line([span(` ${fitted(label, labelWidth)}`, 'muted'), ...spans], width, theme);
  const field = (label: string, text: string, right = ''): string[] => {
    const rows = wrapped(text, width - labelWidth - right.length - 3, mostRows);
    return rows.map((part, index) => {
      const gap = ' '.repeat(Math.max(1, width - labelWidth - 2 - part.length - right.length));
      return row(index === 0 ? label : '', span(part), ...(index === 0 && right ? [span(gap + right, 'muted')] : []));
    });
  };
  const body = trouble
    ? [
        ...wrapped(trouble.message, width - 4, 6).map((text) => line([span(`  ${text}`, 'error')], width, theme)),
        ...(trouble.fix ? wrapped(trouble.fix, width - 4, 3) : []).map((text) =>
          line([span(`  ${text}`, 'info')], width, theme),
        ),
      ]
    : plan
      ? planRows(dialog, plan, pipelineVariables(state, request), field, theme)
      : [row('', span('making the plan', 'muted'))];
  const blank = ' '.repeat(width);
  const command = wrapped(planLine(state), width - 2, 3).map((text) => line([span(` ${text}`, 'info')], width, theme));
  const keys = dialog.editing ? editRows(dialog.editing, width, theme) : keyRows(width, theme);
  const end = [blank, ...command, blank, ...keys];
  return {
    title: [span(titleOf(request), 'title')],
    note: [],
    lines: [...cut(body, height - end.length, row), ...end],
  };
};

/** On a small screen the end of the plan goes, not the command and the keys below it. */
const cut = (rows: string[], room: number, row: (label: string, ...spans: Span[]) => string): string[] =>
  rows.length <= room
    ? rows
    : [...rows.slice(0, Math.max(0, room - 1)), row('', span('more on a larger screen', 'muted'))];

type Field = (label: string, text: string, right?: string) => string[];

const planRows = (
  { rowsNow }: PlanDialog,
  plan: RunPlan,
  own: Record<string, unknown>,
  field: Field,
  { glyphs }: Theme,
): string[] => {
  const dot = ` ${glyphs.dot} `;
  const list = (names: readonly string[]): string => names.map(displayText).join(', ');
  const time = plan.expectedMs === null ? '' : `about ${duration(plan.expectedMs)}`;
  const writes = plan.writes.map(({ table, policy }) => {
    const rows = rowsNow?.get(table);
    return `${displayText(table)}  ${policy}${rows && rows > 0 ? `  about ${fullCount(Math.round(rows))} rows now` : ''}`;
  });
  return [
    ...field('run again', list(plan.run) || 'nothing', time),
    ...field('reuse', reuseText(plan) || 'nothing'),
    ...(writes.length > 0
      ? writes.flatMap((text, index) => field(index === 0 ? 'writes' : '', text))
      : field('writes', 'no table that is known before it runs')),
    ...field('code', codeText(plan), plan.parentRun === null ? '' : 't changes'),
    ...field('variables', variablesText(plan.variables, dot) || ownVariables(own, dot), 'v edits'),
    ...field('date', plan.executionDate ?? 'now', 'd edits'),
    ...plan.warnings.slice(0, 3).flatMap((text) => field('warning', displayText(text))),
  ];
};

const titleOf = ({ from, block, upto, failed, runId, pipeline }: RerunRequest): string => {
  if (from) return `rerun from ${displayText(from)}: the plan`;
  if (block) return `run ${displayText(block)} alone: the plan`;
  if (upto) return `run up to ${displayText(upto)}: the plan`;
  if (failed) return `rerun what failed in run ${displayText(runId ?? 'the last')}: the plan`;
  return `run ${displayText(pipeline)}: the plan`;
};

const reuseText = ({ reuse }: RunPlan): string =>
  reuse
    .map(
      ({ block, run, rows }) =>
        `${displayText(block)} of run ${run}${rows === null ? '' : ` (${fullCount(rows)} rows)`}`,
    )
    .join(', ');

const codeText = ({ code, changedFiles, parentRun }: RunPlan): string => {
  if (code === 'then') return `as run ${parentRun ?? ''} had it`;
  if (parentRun === null) return 'as it is now';
  if (changedFiles === null) return `as it is now (not known what changed since run ${parentRun})`;
  if (changedFiles.length === 0) return `as it is now, unchanged since run ${parentRun}`;
  return `as it is now (${changedFiles.map(displayText).join(', ')} changed since run ${parentRun})`;
};

const variablesText = (variables: Record<string, unknown>, dot: string): string =>
  Object.entries(variables)
    .map(([name, value]) => `${displayText(name)} = ${displayText(variableText(value))}`)
    .join(dot);

/** What the blocks get where a run says nothing else. */
const ownVariables = (own: Record<string, unknown>, dot: string): string =>
  Object.keys(own).length === 0 ? 'none' : `as the pipeline has them: ${variablesText(own, dot)}`;

const pipelineVariables = ({ instance }: State, { projectPath, pipeline }: RerunRequest): Record<string, unknown> =>
  instance?.projects.find(({ path }) => path === projectPath)?.pipelines.find(({ uuid }) => uuid === pipeline)
    ?.variables ?? {};

const keyRows = (width: number, theme: Theme): string[] => {
  const key = (name: string, what: string): Span[] => [span(` ${name} `, 'key', 'strong'), span(`${what}  `)];
  return [line([...key('enter', 'runs'), ...key('y', 'copies the command'), ...key('esc', 'leaves it')], width, theme)];
};

const editRows = ({ field, text, problem }: PlanEdit, width: number, theme: Theme): string[] => {
  const hint = field === 'date' ? '2021-01-31, or with a time' : 'name=value name=value; quotes keep blanks';
  const shown = displayText(text).slice(-(width - labelWidth - 4));
  return [
    line(
      [span(` ${fitted(field, labelWidth)}`, 'key', 'strong'), span(shown, 'strong'), span(' ', 'selected')],
      width,
      theme,
    ),
    line(
      [
        span(` ${fitted('', labelWidth)}`),
        problem ? span(displayText(problem), 'error') : span(`${hint}; enter keeps, esc drops`, 'muted'),
      ],
      width,
      theme,
    ),
  ];
};
