import { duckIdentifier, textLiteral } from '../../data/duckdb.ts';
import type { Exportable } from '../../sdk/export-table.ts';
import { kindOf } from '../../sdk/kinds.ts';
import type { CsvFile, ParquetFile } from '../../sdk/sources.ts';
import type { Identifier, Relation, SqlValue } from '../../sdk/sql.ts';
import { csvTable } from './csv-table.ts';
import type { Workshop } from './execute-task.ts';
import { parquetPath, type StoredInput } from './inputs.ts';
import { jsonSource } from './json-source.ts';
import { localFile } from './source-files.ts';

/** The query of anything that is a table, in DuckDB's SQL. Files are fetched and unpacked on the way. */
export const compileQuery = async (workshop: Workshop, table: Exportable): Promise<string> =>
  kindOf(table) === 'relation'
    ? compileRelation(workshop, table as Relation)
    : `SELECT * FROM ${await place(workshop, table)}`;

const compileRelation = async (workshop: Workshop, { texts, values }: Relation): Promise<string> => {
  let text = texts[0]!;
  for (const [at, value] of values.entries()) text += (await place(workshop, value)) + texts[at + 1]!;
  return text.trim().replace(/;$/, '');
};

const place = async (workshop: Workshop, value: SqlValue): Promise<string> => {
  switch (kindOf(value)) {
    case 'relation':
      return `(${await compileRelation(workshop, value as Relation)}\n)`;
    case 'input':
      return inputTable(value as StoredInput);
    case 'csv':
      return csvTable(workshop, value as CsvFile);
    case 'parquet':
      return `read_parquet(${textLiteral(await localFile(workshop, (value as ParquetFile).location))})`;
    case 'identifier':
      return duckIdentifier((value as Identifier).name);
    default:
      return literal(value as Plain | readonly Plain[]);
  }
};

const inputTable = (input: StoredInput): string =>
  input.stored?.kind === 'json'
    ? jsonSource(input.block, input.stored)
    : `read_parquet(${textLiteral(parquetPath(input.block, input.stored))})`;

type Plain = string | number | bigint | boolean | Date | null;

const literal = (value: Plain | readonly Plain[]): string => {
  if (Array.isArray(value)) return value.length === 0 ? '(NULL)' : `(${value.map(literal).join(', ')})`;
  if (value instanceof Date) return `TIMESTAMPTZ ${textLiteral(value.toISOString())}`;
  if (typeof value === 'string') return textLiteral(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return `'${value}'::DOUBLE`;
  return value === null ? 'NULL' : String(value);
};
