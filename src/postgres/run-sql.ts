import pg, { type Client } from 'pg';
import type { CellValue, Column } from '../model/output.ts';
import type { QueryResult } from '../model/query.ts';
import { messageOf, WandError } from '../problem/wand-error.ts';
import { rawTypes, shortTypeName } from './raw-types.ts';
import { indexOfCharacter } from './sql-error-position.ts';

export type RunSqlOptions = {
  /** May change the database; without it every transaction is read-only. */
  write: boolean;
  /** Rows kept of each result; further ones are counted and let go. */
  limit: number;
  /** Milliseconds; none without it. */
  timeout?: number;
};

/**
 * Runs one or several statements and answers a result for each. Read-only is a guard against accidents, not against a
 * statement that turns it off. Several statements are one transaction, unless they have their own. Throws WandError
 * `sql-error` with the line and the column of the mistake.
 */
export const runSql = async (
  client: Client,
  sql: string,
  { write, limit, timeout }: RunSqlOptions,
): Promise<QueryResult[]> => {
  if (sql.trim() === '')
    throw new WandError('bad-usage', 'there is no statement to run', { fix: 'wand sql "SELECT 1"' });
  await client.query(
    `SET default_transaction_read_only = ${write ? 'off' : 'on'}; SET statement_timeout = ${Math.trunc(timeout ?? 0)}; SET datestyle = 'ISO, YMD'`,
  );
  const found = await collected(client, sql, limit).catch((error: unknown) => {
    throw explained(error, sql, write);
  });
  const names = await typeNames(client, [
    ...new Set(found.flatMap(({ fields }) => fields.map(({ dataTypeID }) => dataTypeID))),
  ]);
  return found.map(({ fields, ...result }) => ({
    ...result,
    columns: fields.map(({ name, dataTypeID }): Column => ({ name, type: names.get(dataTypeID) ?? 'unknown' })),
  }));
};

type Found = Omit<QueryResult, 'columns'> & { fields: pg.FieldDef[] };

/** Rows come one by one, so that a result larger than the memory passes by. */
const collected = (client: Client, sql: string, limit: number): Promise<Found[]> =>
  new Promise((resolve, reject) => {
    const all: Found[] = [];
    const known = new Map<object, { rows: CellValue[][]; count: number }>();
    const query = new pg.Query({ text: sql, rowMode: 'array', types: rawTypes } as pg.QueryConfig);
    query.on('row', (row, result) => {
      const kept = known.get(result!) ?? { rows: [], count: 0 };
      if (kept.rows.length < limit) kept.rows.push(row as unknown as CellValue[]);
      kept.count += 1;
      known.set(result!, kept);
    });
    query.on('error', reject);
    query.on('end', (answered) => {
      for (const result of [answered].flat() as pg.QueryResult[]) {
        if (!result.command && result.fields.length === 0) continue;
        const { rows, count } = known.get(result) ?? { rows: [], count: 0 };
        all.push({
          command: result.command ?? '',
          fields: result.fields,
          rows,
          affected: result.rowCount ?? (result.fields.length > 0 ? count : null),
          truncated: count > rows.length,
        });
      }
      resolve(all);
    });
    client.query(query);
  });

const typeNames = async (client: Client, oids: number[]): Promise<Map<number, string>> => {
  if (oids.length === 0) return new Map();
  // A failed or open transaction of the user's own ends here: the connection is thrown away afterwards.
  await client.query('ROLLBACK').catch(() => {});
  const { rows } = await client.query<{ oid: number; name: string }>(
    'SELECT oid::int8::float8 AS oid, format_type(oid, NULL) AS name FROM pg_type WHERE oid = ANY($1::oid[])',
    [oids],
  );
  return new Map(rows.map(({ oid, name }) => [oid, shortTypeName(name)]));
};

const explained = (error: unknown, sql: string, write: boolean): unknown => {
  if (!(error instanceof pg.DatabaseError)) return error;
  const place = error.position === undefined ? null : placeIn(sql, Number(error.position));
  const where = place ? ` at line ${place.line}, column ${place.column}: ${place.text}` : '';
  const hint = error.hint ?? error.detail;
  const fix =
    error.code === '25006' && !write
      ? 'Nothing may be changed here; --write (in the console: ctrl-r) allows it.'
      : hint;
  return new WandError('sql-error', `${messageOf(error)}${where}`, {
    ...(place ? { line: place.line } : {}),
    ...(fix ? { fix } : {}),
    exitCode: 1,
    cause: error,
  });
};

/** Postgres counts characters from 1 over all lines. */
const placeIn = (sql: string, position: number): { line: number; column: number; text: string } => {
  const before = sql.slice(0, indexOfCharacter(sql, position - 1));
  const lines = before.split('\n');
  const column = [...lines.at(-1)!].length + 1;
  const text = sql.slice(before.length).split('\n')[0]!.slice(0, 40);
  return { line: lines.length, column, text };
};
