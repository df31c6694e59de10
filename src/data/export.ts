import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { link, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase, QueryArrayConfig, QueryConfig } from 'pg';
import type { ExportFormat } from '../model/export.ts';
import type { CellValue, Column, RowChoice, StoredOutput } from '../model/output.ts';
import { qualifiedName, quoteIdentifier } from '../postgres/identifiers.ts';
import { rawTypes } from '../postgres/raw-types.ts';
import { tablePage } from '../postgres/table-page.ts';
import { WandError } from '../problem/wand-error.ts';
import { cellOf, cellSelect } from './cells.ts';
import { duckIdentifier, textLiteral } from './duckdb.ts';
import { rowText } from './export-text.ts';
import { previewOutput } from './preview.ts';
import { outputSource, withFiles } from './rows-of.ts';
import { writeTable } from './write-table.ts';

export type ExportChoice = RowChoice & {
  /** In this order; all without it. */
  columns?: string[];
  /** So many rows, after passing over `offset`; all without it. */
  limit?: number;
  offset?: number;
};

export type ExportFile = {
  format: ExportFormat;
  /** `-` is standard output, which takes every format but Parquet. */
  path: string;
  overwrite: boolean;
  /** Name of the table in INSERT statements. */
  table: string;
};

type Batches = AsyncIterable<CellValue[][]>;

const rowsPerFetch = 2_000;

/** Writes rows of a stored output to a file, one chunk in memory at a time; answers their number. Throws WandError `file-exists`. */
export const exportOutput = (output: StoredOutput, choice: ExportChoice, file: ExportFile): Promise<number> =>
  intoFile(file, async (draft) => {
    const page = await previewOutput(output, { sort: choice.sort, where: choice.where, offset: 0, limit: 0 });
    const columns = chosen(page.columns, choice);
    const { path, source } = await outputSource(output);
    const where = choice.where?.trim() ? ` WHERE (${choice.where}\n)` : '';
    const order = choice.sort
      ? ` ORDER BY ${duckIdentifier(choice.sort.column)} ${choice.sort.descending ? 'DESC' : 'ASC'} NULLS LAST`
      : '';
    const list = columns.map(({ name }) => duckIdentifier(name)).join(', ');
    return withFiles([path, draft], async ({ connection }) => {
      const query = `SELECT ${list} FROM ${source}${where}${order}${part(choice)}`;
      if (file.format === 'parquet') {
        const answer = await connection.runAndReadAll(`COPY (${query}) TO ${textLiteral(draft)} (FORMAT parquet)`);
        return Number(answer.getRows()[0]![0]);
      }
      const types = (await connection.run(`SELECT * FROM (${query}) LIMIT 0`)).columnTypes();
      const cells = columns.map(({ name }, at) => cellSelect(name, types[at]!)).join(', ');
      const stream = await connection.stream(`SELECT ${cells} FROM (${query})`);
      const batches = async function* (): Batches {
        for await (const chunk of stream) yield chunk.getRows().map((row) => row.map(cellOf));
      };
      return writeText(batches(), columns, { ...file, format: file.format }, draft);
    });
  });

/** Writes rows of a table or view to a file, by a cursor in a read-only transaction. */
export const exportTable = (
  client: ClientBase,
  table: { schema: string; table: string },
  choice: ExportChoice,
  file: ExportFile,
): Promise<number> =>
  intoFile(file, async (draft) => {
    const page = await tablePage(client, table, { sort: choice.sort, where: choice.where, offset: 0, limit: 0 });
    const columns = chosen(page.columns, choice);
    const where = choice.where?.trim() ? ` WHERE (\n${choice.where}\n)` : '';
    const order = choice.sort
      ? ` ORDER BY ${quoteIdentifier(choice.sort.column)} ${choice.sort.descending ? 'DESC' : 'ASC'} NULLS LAST`
      : '';
    const list = columns.map(({ name }) => quoteIdentifier(name)).join(', ');
    const batches = cursorRows(client, `SELECT ${list} FROM ${qualifiedName(table)}${where}${order}${part(choice)}`);
    if (file.format !== 'parquet') return writeText(batches, columns, { ...file, format: file.format }, draft);
    const typed = await fullTypes(client, table, columns);
    return (await writeTable(draft, typed, batches)).rows;
  });

/** Rows of a result that is held already, such as the console's. */
export const exportRows = (columns: Column[], rows: CellValue[][], file: ExportFile): Promise<number> =>
  intoFile(file, async (draft) => {
    const batches = async function* (): Batches {
      yield rows;
    };
    if (file.format !== 'parquet') return writeText(batches(), columns, { ...file, format: file.format }, draft);
    return (
      await writeTable(
        draft,
        columns.map(({ name }) => ({ name, type: 'text' })),
        batches(),
      )
    ).rows;
  });

const part = ({ limit, offset }: ExportChoice): string =>
  `${limit === undefined ? '' : ` LIMIT ${Math.trunc(limit)}`}${offset ? ` OFFSET ${Math.trunc(offset)}` : ''}`;

const chosen = (all: readonly Column[], { columns }: ExportChoice): Column[] =>
  columns ? columns.flatMap((name) => all.find((column) => column.name === name) ?? []) : [...all];

/** Written beside its place and moved there when it is whole; an existing file is replaced only if that was said. */
const intoFile = async (
  { path, overwrite, format }: ExportFile,
  write: (draft: string) => Promise<number>,
): Promise<number> => {
  if (path === '-' && format === 'parquet') {
    throw new WandError('bad-usage', 'Parquet cannot be written to standard output', { fix: 'give a path' });
  }
  if (path === '-') return write(path);
  if (!overwrite && existsSync(path)) throw fileExists(path);
  const draft = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    const rows = await write(draft);
    if (overwrite) await rename(draft, path);
    else await link(draft, path);
    return rows;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw fileExists(path);
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR') {
      throw new WandError('cannot-write', `${path} cannot be written: ${(error as Error).message}`, {
        fix: 'give a path in a folder that exists',
        cause: error,
      });
    }
    throw error;
  } finally {
    await rm(draft, { force: true });
    await rm(`${draft}.spill`, { recursive: true, force: true });
  }
};

const fileExists = (path: string): WandError =>
  new WandError('file-exists', `${path} is there already`, {
    fix: 'give another path, or say that it may be replaced (--force)',
  });

const writeText = async (
  batches: Batches,
  columns: Column[],
  { format, table }: ExportFile & { format: Exclude<ExportFormat, 'parquet'> },
  draft: string,
): Promise<number> => {
  const text = rowText(format, columns, table);
  let rows = 0;
  const pieces = async function* (): AsyncGenerator<string> {
    yield text.head;
    for await (const batch of batches) {
      if (batch.length > 0) yield batch.map((values) => text.row(values, rows++)).join('');
    }
    yield text.tail;
  };
  if (draft === '-') await pipeline(Readable.from(pieces()), process.stdout, { end: false });
  else await pipeline(Readable.from(pieces()), createWriteStream(draft, { flags: 'wx' }));
  return rows;
};

async function* cursorRows(client: ClientBase, query: string): Batches {
  await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  try {
    await client.query(
      `SET LOCAL statement_timeout = 0; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL synchronize_seqscans = off`,
    );
    // Extended protocol: a condition cannot bring a second statement along.
    await client.query({
      text: `DECLARE wand_rows NO SCROLL CURSOR FOR ${query}`,
      queryMode: 'extended',
    } as QueryConfig);
    for (;;) {
      const fetch = {
        text: `FETCH ${rowsPerFetch} FROM wand_rows`,
        rowMode: 'array',
        types: rawTypes,
      } as QueryArrayConfig;
      const { rows } = await client.query<CellValue[]>(fetch);
      if (rows.length === 0) return;
      yield rows;
    }
  } finally {
    await client.query('ROLLBACK');
  }
}

const fullTypes = async (
  client: ClientBase,
  { schema, table }: { schema: string; table: string },
  columns: Column[],
): Promise<{ name: string; type: string }[]> => {
  const { rows } = await client.query<{ name: string; type: string }>(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type FROM pg_attribute a
       JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped`,
    [schema, table],
  );
  return columns.map(({ name }) => rows.find((row) => row.name === name)!);
};
