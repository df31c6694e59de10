import pg, { type ClientBase } from 'pg';
import type { CellValue, Column, Page, PageRequest } from '../model/output.ts';
import { messageOf, WandError } from '../problem/wand-error.ts';
import { qualifiedName, quoteIdentifier } from './identifiers.ts';
import { rawTypes, shortTypeName } from './raw-types.ts';

type TableName = { schema: string; table: string };
type TableShape = { kind: string; estimate: number; columns: Column[] };
type Count = Pick<Page, 'rowCount' | 'estimated'>;

const pageTimeoutMs = 30_000;
const countTimeoutMs = 5_000;
/** Above this many rows the planner's figure is shown. Counting 1.34 M rows takes 0.05 s, so this is about 0.2 s. */
const countedRows = 5_000_000;

/**
 * One page of a table or view, in a read-only transaction with a statement timeout. Without `sort` rows come in the order of storage, the same
 * on every page. `where` is the user's own SQL condition. The count is exact up to 5 M rows, unless counting takes more than 5 s.
 * Throws WandErrors `table-not-found`, `column-not-found`, `invalid-page`, `invalid-where`, `query-timeout`.
 */
export const tablePage = async (client: ClientBase, name: TableName, request: PageRequest): Promise<Page> => {
  checkRange(request);
  return readOnly(client, async () => {
    const shape = await readShape(client, name);
    const text = `SELECT * FROM ${qualifiedName(name)}${whereClause(request)}${orderClause(shape, name, request)} LIMIT $1 OFFSET $2`;
    // Values given apart make pg use the extended protocol, which refuses a second statement smuggled in by `where`.
    const query = { text, values: [request.limit, request.offset], rowMode: 'array' as const, types: rawTypes };
    const { rows } = await client.query<CellValue[]>(query).catch((error) => {
      throw explain(error, name, request);
    });
    const count = await countRows(client, name, shape, request);
    return { columns: shape.columns, rows, ...atLeast(count, request.offset + rows.length) };
  });
};

const readOnly = async <Result>(client: ClientBase, work: () => Promise<Result>): Promise<Result> => {
  await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  try {
    // Parallel and synchronised scans answer rows in an order that differs from page to page; a deep sort should stay in memory.
    await client.query(`SET LOCAL statement_timeout = ${pageTimeoutMs}; SET LOCAL synchronize_seqscans = off;
      SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL work_mem = '64MB'; SET LOCAL datestyle = 'ISO, YMD'`);
    return await work();
  } finally {
    await client.query('ROLLBACK');
  }
};

const readShape = async (client: ClientBase, name: TableName): Promise<TableShape> => {
  const { rows } = await client.query<TableShape>(
    `SELECT c.relkind AS kind, c.reltuples::float8 AS estimate,
            json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum) AS columns
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      GROUP BY c.oid`,
    [name.schema, name.table],
  );
  const [shape] = rows;
  if (!shape) {
    throw new WandError('table-not-found', `There is no table ${name.schema}.${name.table} in this database.`, {
      fix: '`wand tables` lists what there is.',
    });
  }
  return { ...shape, columns: shape.columns.map(({ name, type }) => ({ name, type: shortTypeName(type) })) };
};

/** On a line of its own, so that a comment at its end does not swallow what follows. */
const whereClause = ({ where }: PageRequest): string => (where?.trim() ? ` WHERE (\n${where}\n)` : '');

/** Rows alike in the sort column are told apart by their place, else they could show up on two pages and others on none. */
const orderClause = ({ kind, columns }: TableShape, name: TableName, { sort }: PageRequest): string => {
  if (!sort) return '';
  if (!columns.some((column) => column.name === sort.column)) {
    throw new WandError(
      'column-not-found',
      `${name.schema}.${name.table} has no column ${JSON.stringify(sort.column)}.`,
      {
        fix: `Its columns are ${columns.map((column) => column.name).join(', ')}.`,
      },
    );
  }
  const place = kind === 'r' || kind === 'm' ? ', ctid' : kind === 'p' ? ', tableoid, ctid' : '';
  return ` ORDER BY ${quoteIdentifier(sort.column)} ${sort.descending ? 'DESC' : 'ASC'} NULLS LAST${place}`;
};

const countRows = async (
  client: ClientBase,
  name: TableName,
  shape: TableShape,
  request: PageRequest,
): Promise<Count> => {
  const from = `FROM ${qualifiedName(name)}${whereClause(request)}`;
  if (!request.where && shape.estimate > countedRows) return { rowCount: Math.round(shape.estimate), estimated: true };
  await client.query(`SAVEPOINT before_count; SET LOCAL statement_timeout = ${countTimeoutMs}`);
  try {
    const { rows } = await client.query<{ count: number }>({
      text: `SELECT count(*)::float8 AS count ${from}`,
      queryMode: 'extended',
    } as pg.QueryConfig);
    return { rowCount: rows[0]?.count ?? 0, estimated: false };
  } catch (error) {
    if (!isTimeout(error)) throw explain(error, name, request);
    await client.query('ROLLBACK TO before_count');
    return { rowCount: await planned(client, from), estimated: true };
  }
};

const planned = async (client: ClientBase, from: string): Promise<number> => {
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>({
    text: `EXPLAIN (FORMAT JSON) SELECT ${from}`,
    queryMode: 'extended',
  } as pg.QueryConfig);
  return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
};

/** An estimate below what was seen would keep a pager from the last rows. */
const atLeast = (count: Count, seen: number): Count =>
  count.estimated && count.rowCount < seen ? { rowCount: seen, estimated: true } : count;

const checkRange = ({ offset, limit }: PageRequest): void => {
  for (const [name, value] of Object.entries({ offset, limit })) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new WandError('invalid-page', `The ${name} of a page cannot be ${value}.`, {
        fix: 'Give a whole number from 0.',
      });
    }
  }
};

const isTimeout = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === '57014';

const explain = (error: unknown, { schema, table }: TableName, { where }: PageRequest): unknown => {
  if (isTimeout(error)) {
    return new WandError('query-timeout', `Reading ${schema}.${table} took more than ${pageTimeoutMs / 1000} s.`, {
      fix: 'Narrow it with a condition that has an index, or sort by another column.',
      cause: error,
    });
  }
  if (!(error instanceof pg.DatabaseError) || !where) return error;
  return new WandError('invalid-where', `The condition ${JSON.stringify(where)} does not work: ${messageOf(error)}.`, {
    fix: "Write a condition as after WHERE in SQL, such as: fare_amount > 10 AND borough = 'Queens'.",
    cause: error,
  });
};
