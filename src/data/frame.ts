import type { StoredOutput } from '../model/output.ts';
import { appendChunk } from './append-chunk.ts';
import { copyToParquet } from './copy-to-parquet.ts';
import { type DuckDb, duckIdentifier } from './duckdb.ts';
import { type FrameKind, frameTypes, frameValue, kindOfValue, widened } from './frame-kinds.ts';
import { columnExpression } from './nested-columns.ts';

/** A table that grows by rows whose columns and types are not known before they come. Held by DuckDB, which spills to disk. */
export type Frame = {
  appendRows(rows: Record<string, unknown>[]): Promise<void>;
  appendValues(columns: string[], values: unknown[][]): Promise<void>;
  /** Null if it has no columns. */
  toParquet(path: string): Promise<Pick<StoredOutput, 'rows' | 'columns' | 'bytes'> | null>;
};

const rowsPerFlush = 2_048;
let frames = 0;

export const createFrame = (duckdb: DuckDb): Frame => {
  const table = `frame_${++frames}`;
  const kinds = new Map<string, FrameKind>();
  let waiting: Record<string, unknown>[] = [];

  const flush = async (): Promise<void> => {
    if (waiting.length === 0 && kinds.size > 0) return;
    await fitColumns(duckdb, table, kinds, waiting);
    if (kinds.size > 0) await appendChunks(duckdb, table, kinds, waiting);
    waiting = [];
  };

  const appendRows: Frame['appendRows'] = async (rows) => {
    for (const row of rows) {
      waiting.push(row);
      if (waiting.length >= rowsPerFlush) await flush();
    }
  };

  return {
    appendRows,
    appendValues: async (columns, values) => {
      if (kinds.size === 0 && values.length === 0) {
        await fitColumns(duckdb, table, kinds, [Object.fromEntries(columns.map((name) => [name, null]))]);
      }
      await appendRows(values.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]]))));
    },
    toParquet: async (path) => {
      await flush();
      if (kinds.size === 0) return null;
      const selected: string[] = [];
      for (const [name, kind] of kinds) selected.push(await columnExpression(duckdb, table, name, kind));
      const stored = await copyToParquet(duckdb, `SELECT ${selected.join(', ')} FROM ${table}`, path);
      await duckdb.connection.run(`DROP TABLE ${table}`);
      return stored;
    },
  };
};

/** Makes the table, adds columns that are new, and widens those that these rows do not fit. */
const fitColumns = async (
  duckdb: DuckDb,
  table: string,
  kinds: Map<string, FrameKind>,
  rows: Record<string, unknown>[],
): Promise<void> => {
  const wanted = new Map(kinds);
  for (const row of rows) {
    for (const name of Object.keys(row)) {
      const found = kindOfValue(row[name]);
      const now = wanted.get(name);
      wanted.set(name, now === undefined ? found : widened(now, found));
    }
  }
  for (const [name, kind] of wanted) {
    const before = kinds.get(name);
    const column = duckIdentifier(name);
    if (before === undefined) await addColumn(duckdb, table, kinds.size === 0, `${column} ${frameTypes[kind]}`);
    else if (before !== kind) {
      await duckdb.connection.run(
        `ALTER TABLE ${table} ALTER ${column} TYPE ${frameTypes[kind]} USING ${widening(column, kind)}`,
      );
    }
    kinds.set(name, kind);
  }
};

/** A number among objects is JSON as it stands; a text needs its quotes. */
const widening = (column: string, kind: FrameKind): string =>
  kind === 'json' ? `to_json(${column})::VARCHAR` : `CAST(${column} AS ${frameTypes[kind]})`;

const addColumn = async (duckdb: DuckDb, table: string, first: boolean, column: string): Promise<void> => {
  await duckdb.connection.run(
    first ? `CREATE TABLE ${table} (${column})` : `ALTER TABLE ${table} ADD COLUMN ${column}`,
  );
};

const appendChunks = async (
  duckdb: DuckDb,
  table: string,
  kinds: Map<string, FrameKind>,
  rows: Record<string, unknown>[],
): Promise<void> => {
  const columns = [...kinds];
  await appendChunk(
    duckdb,
    table,
    columns.map(([name, kind]) => rows.map((row) => frameValue(row[name], kind))),
  );
};
