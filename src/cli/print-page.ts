import type { CellValue, Column, Page } from '../model/output.ts';
import { formatCount } from './format.ts';
import { printJson, textTable } from './print-table.ts';

/** A page of rows as text with types under the names, or as JSON. */
export const printPage = (what: { output: string } | { table: string }, page: Page, json = false): void => {
  const { columns, rows, rowCount, estimated } = page;
  if (json) {
    printJson({ version: 1, ...what, columns, rows, row_count: rowCount, estimated });
    return;
  }
  process.stdout.write(rowsText(columns, rows));
  process.stdout.write(`${formatCount(rows.length)} of ${estimated ? 'about ' : ''}${formatCount(rowCount)} rows\n`);
};

/** Rows as aligned text, types under the names, NULL as ∅. */
export const rowsText = (columns: readonly Column[], rows: readonly CellValue[][]): string =>
  textTable(
    columns.map(({ name, type }) => ({ title: name, align: isNumeric(type) ? 'right' : 'left', width: 40 })),
    [columns.map(({ type }) => type), ...rows.map((row) => row.map(cellText))],
  );

const cellText = (value: CellValue): string => (value === null ? '∅' : String(value));

const isNumeric = (type: string): boolean =>
  /^(u?int|float|double|real|decimal|numeric|smallint|bigint|integer)/.test(type);
