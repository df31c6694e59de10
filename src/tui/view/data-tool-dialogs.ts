import { drawChart } from '../../draw/chart/draw-chart.ts';
import { drawDiff } from '../../draw/diff.ts';
import { line, type Span, span } from '../../draw/line.ts';
import { fullCount } from '../../draw/numbers.ts';
import { displayText, truncate } from '../../draw/text-width.ts';
import type { Theme } from '../../draw/theme.ts';
import { exportFormats } from '../../model/export.ts';
import type { ChartsDialog, ConsoleDialog, DiffDialog, ExportDialog } from '../state/data-dialog.ts';
import { shownColumns } from '../state/data-grid.ts';
import type { State, Trouble } from '../state/state.ts';
import type { DialogContent } from './dialogs/content.ts';
import { messageLines } from './panes/message.ts';
import { typedLines } from './typed-lines.ts';

const troubleLines = ({ message, fix }: Trouble, width: number, theme: Theme): string[] =>
  messageLines({ text: message, fix, kind: 'error' }, width, theme);

export const exportContent = ({ data }: State, dialog: ExportDialog, width: number, theme: Theme): DialogContent => {
  const { format, path, busy, trouble } = dialog;
  const formats = exportFormats.flatMap((name): Span[] => [
    span(' '),
    span(` ${name === 'insert' ? 'sql' : name} `, name === format ? 'selected' : 'muted'),
  ]);
  const { sort, where } = data.look;
  const what = [
    `${data.estimated || where !== '' ? 'about ' : ''}${fullCount(data.rowCount)} rows`,
    ...(data.query?.result.truncated ? [`the first of ${fullCount(data.query.result.affected ?? 0)}`] : []),
    `${fullCount(shownColumns(data).length)} columns`,
    ...(where === '' ? [] : [`where ${truncate(displayText(where), 40)}`]),
    ...(sort ? [`sorted by ${displayText(sort.column)}`] : []),
  ].join(' · ');
  return {
    title: [span('export', 'title')],
    note: [span('enter writes, tab changes the format', 'muted')],
    lines: [
      line([span(` ${what}`, 'muted')], width, theme),
      line(formats, width, theme),
      ...typedLines(path, { width, height: 1 }, theme),
      ...(busy ? messageLines({ text: 'Writing.' }, width, theme) : []),
      ...(trouble ? troubleLines(trouble, width, theme) : []),
    ],
  };
};

export const diffContent = (dialog: DiffDialog, width: number, height: number, theme: Theme): DialogContent => {
  const { block, output, left, right, diff, trouble, top } = dialog;
  const runs = left === null ? `run ${right}` : `run ${left} → run ${right}`;
  const title = [span(`${displayText(block)} ${displayText(output)}, ${displayText(runs)}`, 'title')];
  const note = [span('[ ] other run, = key', 'muted')];
  if (trouble) return { title, note, lines: troubleLines(trouble, width, theme) };
  if (!diff) return { title, note, lines: messageLines({ text: 'Comparing.' }, width, theme) };
  const drawn = drawDiff(diff, { width, height, top }, theme);
  return { title, note, lines: drawn.lines };
};

const consoleRows = 10;

export const consoleContent = (dialog: ConsoleDialog, width: number, theme: Theme): DialogContent => {
  const { typed, write, profile, busy, trouble, answer } = dialog;
  const mode = write ? span('may write', 'error', 'strong') : span('read-only', 'muted');
  const rows = Math.max(3, Math.min(consoleRows, typed.text.split('\n').length));
  const text = typedLines(typed, { width, height: rows }, theme);
  const blank = ' '.repeat(width);
  return {
    title: [span('SQL ', 'title'), span(displayText(profile ?? ''), 'info'), span(' '), mode],
    note: [span('enter runs, ctrl-n new line, ctrl-r allows writing, tab profile', 'muted')],
    lines: [
      ...text,
      ...Array.from({ length: Math.max(0, rows - text.length) }, () => blank),
      ...(busy ? messageLines({ text: 'Running; esc stops it.' }, width, theme) : []),
      ...(answer === null ? [] : [line([span(` ${displayText(answer)}`, 'ok')], width, theme)]),
      ...(trouble ? troubleLines(trouble, width, theme) : []),
    ],
  };
};

export const chartsContent = (dialog: ChartsDialog, width: number, height: number, theme: Theme): DialogContent => {
  const { charts, run, trouble, top } = dialog;
  const title = [span('charts', 'title')];
  const note = [span(run === null ? 'no run is shown' : `run ${displayText(run)}`, 'muted')];
  if (trouble) return { title, note, lines: troubleLines(trouble, width, theme) };
  if (!charts) return { title, note, lines: messageLines({ text: 'Reading the rows.' }, width, theme) };
  const rows = charts.flatMap(({ uuid, type, block, chart, reason }, index): Span[][] => [
    ...(index > 0 ? [[]] : []),
    [
      span(` ${displayText(uuid)} `, 'title'),
      span(displayText([type, block === null ? '' : `of ${block}`].filter(Boolean).join(' ')), 'muted'),
    ],
    ...(chart ? drawChart(chart, width, theme) : [[span(` ${displayText(reason ?? '')}`, 'warning')]]),
  ]);
  const first = Math.max(0, Math.min(top, rows.length - height));
  return { title, note, lines: rows.slice(first, first + height).map((spans) => line(spans, width, theme)) };
};
