import pg, { type ClientBase } from 'pg';
import type { CellValue, Column, Page, PageRequest } from '../model/output.ts';
import { messageOf, WandError } from '../problem/wand-error.ts';
import { qualifiedName, quoteIdentifier } from './identifiers.ts';
import { rawTypes, shortTypeName } from './raw-types.ts';
import { inOrder, sender, settled, type Together } from './together.ts';

type TableName = { schema: string; table: string };
type TableShape = { kind: string; estimate: number; columns: Column[] };
type Count = Pick<Page, 'rowCount' | 'estimated'>;

const pageTimeoutMs = 30_000;
const countTimeoutMs = 5_000;
/** Above this many rows the planner's figure is shown. Counting 1.34 M rows took 0.07 s, so this is about 0.25 s. */
const countedRows = 5_000_000;

/**
 * One page of a table or view, in a read-only transaction with a statement timeout. Without `sort` rows come in the order of storage, the same
 * on every page. `where` is the user's own SQL condition. The count is exact up to 5 M rows, unless counting takes more than 5 s.
 * Throws WandErrors `table-not-found`, `column-not-found`, `invalid-page`, `invalid-where`, `query-timeout`.
 */
export const tablePage = async (client: ClientBase, name: TableName, request: PageRequest): Promise<Page> => {
  checkRange(request);
  const together = sender(client);
  try {
    const [, shape] = await together(
      () => client.query(begin),
      () => readShape(client, name),
    );
    const query = pageQuery(shape, name, request);
    // Only the order of a sorted page depends on the count.
    const [count, read] = request.sort
      ? await inOrder(
          () => countRows(client, name, shape, request, together),
          (count) => readRows(client, name, request, query(count)),
        )
      : await together(
          () => countRows(client, name, shape, request, together),
          () => readRows(client, name, request, query({ rowCount: 0, estimated: true })),
        );
    const part = request.columns ? { from: request.columns.from } : {};
    return { columns: shape.columns, rows: read, ...atLeast(count, request.offset + read.length), ...part };
  } finally {
    await client.query('ROLLBACK');
  }
};

/** Parallel and synchronised scans answer rows in an order that differs from page to page; a deep sort should stay in memory. */
const begin = `BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
  SET LOCAL statement_timeout = ${pageTimeoutMs}; SET LOCAL synchronize_seqscans = off;
  SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL work_mem = '64MB'; SET LOCAL datestyle = 'ISO, YMD'`;

const readRows = async (
  client: ClientBase,
  name: TableName,
  request: PageRequest,
  { text, values, reversed }: PageQuery,
): Promise<CellValue[][]> => {
  // Values given apart make pg use the extended protocol, which refuses a second statement smuggled in by `where`.
  const { rows } = await client
    .query<CellValue[]>({ text, values, rowMode: 'array', types: rawTypes } as pg.QueryArrayConfig)
    .catch((error) => {
      throw explain(error, name, request);
    });
  return reversed ? rows.reverse() : rows;
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

type PageQuery = { text: string; values: number[]; reversed: boolean };

/**
 * Checks the sort column, and answers what makes the query once the rows are counted. A page in the second half of a sorted table is read
 * from the other end, and what is sorted is the place of a row and not the row: of 1.34 M rows the last page took 0.3 s instead
 * of 6 s, one in the middle 1.9 s instead of 4.4 s.
 */
const pageQuery = (shape: TableShape, name: TableName, request: PageRequest): ((count: Count) => PageQuery) => {
  const { sort, limit, offset } = request;
  const table = qualifiedName(name);
  const where = whereClause(request);
  const selected = selectedColumns(shape, request);
  if (!sort) {
    return () => ({
      text: `SELECT ${selected('')} FROM ${table}${where} LIMIT $1 OFFSET $2`,
      values: [limit, offset],
      reversed: false,
    });
  }
  checkColumn(shape, name, sort.column);
  return ({ rowCount, estimated }) => {
    const reversed = !estimated && hasPlace(shape) && offset > rowCount / 2;
    const size = reversed ? Math.max(0, Math.min(limit, rowCount - offset)) : limit;
    const values = [size, reversed ? Math.max(0, rowCount - offset - size) : offset];
    const order = orderOf(shape, { ...sort, descending: sort.descending !== reversed }, reversed);
    const text = isStored(shape)
      ? `SELECT ${selected('t.')} FROM (SELECT ctid AS place FROM ${table}${where} ORDER BY ${order('')} LIMIT $1 OFFSET $2) p
           JOIN ${table} t ON t.ctid = p.place ORDER BY ${order('t.')}`
      : `SELECT ${selected('')} FROM ${table}${where} ORDER BY ${order('')} LIMIT $1 OFFSET $2`;
    return { text, values, reversed };
  };
};

/** The list of columns asked for, with long texts cut by the server. */
const selectedColumns =
  (shape: TableShape, { columns, cut }: PageRequest) =>
  (prefix: string): string => {
    const wanted = columns ? shape.columns.slice(columns.from, columns.from + columns.count) : shape.columns;
    if (wanted.length === 0) return 'NULL';
    return wanted
      .map(({ name, type }) => {
        const column = `${prefix}${quoteIdentifier(name)}`;
        return cut !== undefined && mayBeLong.test(type) ? `left(${column}::text, ${Math.trunc(cut)})` : column;
      })
      .join(', ');
  };

const mayBeLong = /^(text|jsonb?|xml|bytes|hstore|tsvector)|\[\]$/;

/** Rows alike in the sort column are told apart by their place, else they could show up on two pages and others on none. */
const orderOf =
  (shape: TableShape, sort: { column: string; descending: boolean }, reversed: boolean) =>
  (prefix: string): string => {
    const nulls = reversed ? 'FIRST' : 'LAST';
    const place = isStored(shape) ? ['ctid'] : hasPlace(shape) ? ['tableoid', 'ctid'] : [];
    return [
      `${prefix}${quoteIdentifier(sort.column)} ${sort.descending ? 'DESC' : 'ASC'} NULLS ${nulls}`,
      ...place.map((column) => `${prefix}${column} ${reversed ? 'DESC' : 'ASC'}`),
    ].join(', ');
  };

/** Views and foreign tables have no place for a row. */
const hasPlace = ({ kind }: TableShape): boolean => isStored({ kind }) || kind === 'p';
const isStored = ({ kind }: Pick<TableShape, 'kind'>): boolean => kind === 'r' || kind === 'm';

const checkColumn = ({ columns }: TableShape, { schema, table }: TableName, wanted: string): void => {
  if (columns.some(({ name }) => name === wanted)) return;
  throw new WandError('column-not-found', `${schema}.${table} has no column ${JSON.stringify(wanted)}.`, {
    fix: `Its columns are ${columns.map(({ name }) => name).join(', ')}.`,
  });
};

const countRows = async (
  client: ClientBase,
  name: TableName,
  shape: TableShape,
  request: PageRequest,
  together: Together,
): Promise<Count> => {
  const from = `FROM ${qualifiedName(name)}${whereClause(request)}`;
  if (!request.exact && !request.where && shape.estimate > countedRows)
    return { rowCount: Math.round(shape.estimate), estimated: true };
  const timeout = request.exact ? pageTimeoutMs : countTimeoutMs;
  const [, [counted]] = await together(
    () => client.query(`SAVEPOINT before_count; SET LOCAL statement_timeout = ${timeout}`),
    () =>
      together(
        () => settled(countQuery(client, from)),
        // Takes the shorter timeout away again, and a failure with it.
        () => client.query('ROLLBACK TO before_count'),
      ),
  );
  if (counted.status === 'fulfilled') return { rowCount: counted.value, estimated: false };
  if (!isTimeout(counted.reason)) throw explain(counted.reason, name, request);
  return { rowCount: await planned(client, from), estimated: true };
};

const countQuery = async (client: ClientBase, from: string): Promise<number> => {
  const { rows } = await client.query<{ count: number }>({
    text: `SELECT count(*)::float8 AS count ${from}`,
    queryMode: 'extended',
  } as pg.QueryConfig);
  return rows[0]?.count ?? 0;
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
