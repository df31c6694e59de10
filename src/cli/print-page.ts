import type { CellValue, Page } from '../model/output.ts';
import { formatCount } from './format.ts';
import { printJson, textTable } from './print-table.ts';

/** A page of rows as text with types under the names, or as JSON. */
export const printPage = (what: { output: string } | { table: string }, page: Page, json = false): void => {
  const { columns, rows, rowCount, estimated } = page;
  if (json) {
    printJson({ version: 1, ...what, columns, rows, row_count: rowCount, estimated });
    return;
  }
  const types = columns.map(({ type }) => type);
  process.stdout.write(
    textTable(
      columns.map(({ name, type }) => ({ title: name, align: isNumeric(type) ? 'right' : 'left', width: 40 })),
      [types, ...rows.map((row) => row.map(cellText))],
    ),
  );
  process.stdout.write(`${formatCount(rows.length)} of ${estimated ? 'about ' : ''}${formatCount(rowCount)} rows\n`);
};

const cellText = (value: CellValue): string => (value === null ? '∅' : String(value));

const isNumeric = (type: string): boolean =>
  /^(u?int|float|double|real|decimal|numeric|smallint|bigint|integer)/.test(type);
