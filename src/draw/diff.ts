import type { OutputDiff } from '../model/diff.ts';
import type { CellValue } from '../model/output.ts';
import { cellText, isNumeric } from './grid.ts';
import { line, type Span, span } from './line.ts';
import { fullCount } from './numbers.ts';
import type { DrawnText } from './text-lines.ts';
import { displayText, fitted, textWidth } from './text-width.ts';
import type { Theme, Token } from './theme.ts';

const widest = 24;

/** What differs: counts, columns, then rows added, removed and changed, the columns that tell most first. */
export const drawDiff = (
  diff: OutputDiff,
  { width, height, top }: { width: number; height: number; top: number },
  theme: Theme,
): DrawnText => {
  const all = [...facts(diff), ...sampleLines(diff, theme)];
  const first = Math.max(0, Math.min(top, all.length - height));
  const lines = all.slice(first, first + height).map((spans) => line(spans, width, theme));
  return { lines, top: first, count: all.length };
};

const facts = (diff: OutputDiff): Span[][] => {
  const { leftRows, rightRows, key, added, removed, changed, same, schema, changedColumns } = diff;
  const rows = `${fullCount(leftRows)} → ${fullCount(rightRows)} rows`;
  const matched = key ? `matched by ${displayText(key.join(', '))}` : 'compared as whole rows, no column is unique';
  return [
    [span(` ${rows}, `), span(matched, 'muted')],
    added + removed + changed === 0
      ? [span(' all rows are the same', 'ok')]
      : [
          span(` +${fullCount(added)} added`, added > 0 ? 'ok' : 'muted'),
          span(`  -${fullCount(removed)} removed`, removed > 0 ? 'error' : 'muted'),
          span(`  ~${fullCount(changed)} changed`, changed > 0 ? 'warning' : 'muted'),
          span(`  ${fullCount(same)} the same`, 'muted'),
        ],
    ...schema.map(({ column, left, right }) => [
      span(` column ${displayText(column)} `, 'strong'),
      span(
        left === null
          ? `came, ${displayText(right!)}`
          : right === null
            ? 'is gone'
            : `${displayText(left)} → ${displayText(right)}`,
        'warning',
      ),
    ]),
    ...(changedColumns.length > 0
      ? [
          [
            span(' changed in '),
            span(
              changedColumns
                .map(({ column, rows: count }) => `${displayText(column)} (${fullCount(count)})`)
                .join(', '),
              'strong',
            ),
          ],
        ]
      : []),
    [],
  ];
};

type Sample = { sign: string; token: Token; row: CellValue[]; against?: CellValue[] };

const sampleLines = (diff: OutputDiff, theme: Theme): Span[][] => {
  const { columns, key, changedColumns, samples } = diff;
  const rank = (name: string): number =>
    key?.includes(name) ? 0 : changedColumns.some(({ column }) => column === name) ? 1 : 2;
  const order = columns.map((_, at) => at).sort((a, b) => rank(columns[a]!.name) - rank(columns[b]!.name));
  const rows: Sample[] = [
    ...samples.added.map((row): Sample => ({ sign: '+', token: 'ok', row })),
    ...samples.removed.map((row): Sample => ({ sign: '-', token: 'error', row })),
    ...samples.changed.flatMap(({ left, right }): Sample[] => [
      { sign: '<', token: 'muted', row: left, against: right },
      { sign: '>', token: 'warning', row: right, against: left },
    ]),
  ];
  if (rows.length === 0) return [];
  const shown = order.slice(0, 30);
  const text = (value: CellValue | undefined): string => cellText(value ?? null, theme);
  const widths = shown.map((at) =>
    Math.min(
      widest,
      Math.max(textWidth(displayText(columns[at]!.name)), ...rows.map(({ row }) => textWidth(text(row[at])))),
    ),
  );
  const cells = (cell: (at: number, width: number) => Span): Span[] =>
    shown.flatMap((at, place) => [span('  '), cell(at, widths[place]!)]);
  const align = (at: number): 'left' | 'right' => (isNumeric(columns[at]!) ? 'right' : 'left');
  return [
    [span('  '), ...cells((at, width) => span(fitted(displayText(columns[at]!.name), width, align(at)), 'strong'))],
    ...rows.map(({ sign, token, row, against }) => [
      span(` ${sign}`, token),
      ...cells((at, width) =>
        span(fitted(text(row[at]), width, align(at)), !against || against[at] !== row[at] ? token : 'muted'),
      ),
    ]),
  ];
};
