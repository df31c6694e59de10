import { visibleText } from '../draw/visible-text.ts';
import type { OutputDiff } from '../model/diff.ts';
import type { CellValue } from '../model/output.ts';
import { formatCount } from './format.ts';
import { textTable } from './print-table.ts';
import type { OutputComparison } from './verbs/diff.ts';

const shownRows = 5;

/** What differs, output by output: counts, columns, and the first rows of each kind. */
export const diffText = (left: string, right: string, compared: readonly OutputComparison[]): string =>
  compared
    .map(({ block, output, diff, reason }) => {
      const title = `${visibleText(block)} ${visibleText(output)}, run ${left} → run ${right}\n`;
      return title + (diff ? outputText(diff) : `  not compared: ${visibleText(reason ?? '')}\n`);
    })
    .join('\n');

const outputText = (diff: OutputDiff): string => {
  const { leftRows, rightRows, key, added, removed, changed, same, schema, changedColumns } = diff;
  const lines = [
    `${formatCount(leftRows)} → ${formatCount(rightRows)} rows, ${key ? `matched by ${key.join(', ')}` : 'compared as whole rows'}`,
    ...schema.map(({ column, left, right }) => `column ${column}: ${left ?? 'not there'} → ${right ?? 'gone'}`),
    added + removed + changed === 0
      ? 'all rows are the same'
      : `${formatCount(added)} added · ${formatCount(removed)} removed · ${formatCount(changed)} changed · ${formatCount(same)} the same`,
    ...(changedColumns.length > 0
      ? [`changed in ${changedColumns.map(({ column, rows }) => `${column} (${formatCount(rows)})`).join(', ')}`]
      : []),
  ];
  return `${lines.map((line) => `  ${visibleText(line)}\n`).join('')}${sampleText(diff)}`;
};

/** Rows with a sign before them; a changed row is two lines. */
const sampleText = ({ columns, samples: { added, removed, changed } }: OutputDiff): string => {
  const rows: [string, CellValue[]][] = [
    ...added.slice(0, shownRows).map((row): [string, CellValue[]] => ['+', row]),
    ...removed.slice(0, shownRows).map((row): [string, CellValue[]] => ['-', row]),
    ...changed.slice(0, shownRows).flatMap(({ left, right }): [string, CellValue[]][] => [
      ['<', left],
      ['>', right],
    ]),
  ];
  if (rows.length === 0) return '';
  return textTable(
    [{ title: ' ' }, ...columns.map(({ name }) => ({ title: name, width: 24 }))],
    rows.map(([sign, row]) => [sign, ...row.map((value) => (value === null ? '∅' : String(value)))]),
  );
};
