import type { ExportFormat } from '../model/export.ts';
import type { CellValue, Column } from '../model/output.ts';
import { quoteIdentifier, quoteLiteral } from '../postgres/identifiers.ts';

/** How a format writes rows: what comes first, what each row is, what comes last. */
export type RowText = { head: string; row(values: readonly CellValue[], index: number): string; tail: string };

/** `table` names the target of INSERT statements. */
export const rowText = (
  format: Exclude<ExportFormat, 'parquet'>,
  columns: readonly Column[],
  table: string,
): RowText => {
  if (format === 'csv') return separated(columns, ',', csvField);
  if (format === 'tsv') return separated(columns, '\t', tsvField);
  if (format === 'json') return jsonRows(columns);
  return insertRows(columns, table);
};

const separated = (columns: readonly Column[], separator: string, field: (value: CellValue) => string): RowText => ({
  head: `${columns.map(({ name }) => field(name)).join(separator)}\n`,
  row: (values) => `${values.map(field).join(separator)}\n`,
  tail: '',
});

/** NULL is nothing, an empty text is `""`: COPY of Postgres and DuckDB tell them apart again. */
const csvField = (value: CellValue): string => {
  if (value === null) return '';
  const text = String(value);
  return text === '' || /[",\r\n]|^\s|\s$|^\\\.$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** As COPY writes text: NULL is `\N`, tabs and line breaks are escaped. */
const tsvField = (value: CellValue): string => {
  if (value === null) return '\\N';
  return String(value).replace(/[\\\t\n\r]/g, (character) => tsvEscapes[character]!);
};

const tsvEscapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

const jsonRows = (columns: readonly Column[]): RowText => ({
  head: '[',
  row: (values, index) => `${index > 0 ? ',' : ''}\n${jsonRow(columns, values)}`,
  tail: '\n]\n',
});

const jsonRow = (columns: readonly Column[], values: readonly CellValue[]): string =>
  `{${columns.map(({ name, type }, at) => `${JSON.stringify(name)}: ${jsonValue(values[at] ?? null, type)}`).join(', ')}}`;

/** Nested values are JSON already. 64-bit integers and decimals stay texts where a double would lose digits. */
const jsonValue = (value: CellValue, type: string): string => {
  if (typeof value === 'string' && /^(json|jsonb|struct|list|map)$/.test(type)) return value;
  return JSON.stringify(value);
};

const insertRows = (columns: readonly Column[], table: string): RowText => {
  const name = table.split('.').map(quoteIdentifier).join('.');
  const start = `INSERT INTO ${name} (${columns.map((column) => quoteIdentifier(column.name)).join(', ')}) VALUES (`;
  return {
    head: '',
    row: (values) => `${start}${values.map((value, at) => sqlValue(value, columns[at]!)).join(', ')});\n`,
    tail: '',
  };
};

const sqlValue = (value: CellValue, { type }: Column): string => {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  const text = String(value);
  return /^(u?int|float|decimal)/.test(type) && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)
    ? text
    : quoteLiteral(text).trim();
};
