import type { Client, DatabaseError } from 'pg';
import type { BlockError } from '../../model/run.ts';
import { indexOfCharacter } from '../../postgres/sql-error-position.ts';
import { messageOf, WandError } from '../../problem/wand-error.ts';
import { nearest } from '../../project/nearest.ts';
import { failedRow } from './failed-row.ts';
import type { RenderedSql } from './line-marks.ts';
import { CancelledError } from './session.ts';
import { lineAt } from './split-statements.ts';

/** An error of the server while it ran a piece of the block's SQL; `offset` is the place in the rendered text. */
export class StatementError extends Error {
  readonly offset: number;

  constructor(cause: Error, offset: number) {
    super(cause.message, { cause });
    this.offset = offset;
  }
}

/** What was sent: `text` begins at `start` of the rendered SQL, after `prefix` that wand put in front. */
export type Sent = { text: string; start: number; prefix?: string };

/** Runs `query`, and gives an error of the server the place in the rendered SQL that it is about. */
export const placed = async <Result>(sent: Sent, query: () => Promise<Result>): Promise<Result> => {
  try {
    return await query();
  } catch (error) {
    throw isServerError(error) ? new StatementError(error, offsetOf(error, sent)) : error;
  }
};

const offsetOf = ({ position }: DatabaseError, { text, start, prefix = '' }: Sent): number => {
  const within = position
    ? indexOfCharacter(`${prefix}${text}`, Number(position) - 1) - prefix.length
    : firstLetter(text);
  return start + Math.max(firstLetter(text), Math.min(within, text.length));
};

const firstLetter = (text: string): number => Math.max(0, text.search(/\S/));

/** True for an error that the server answered, with its SQLSTATE. */
export const isServerError = (error: unknown): error is DatabaseError =>
  error instanceof Error && /^[0-9A-Z]{5}$/.test((error as DatabaseError).code ?? '');

/** Where the SQL of a block came from, once that is known. */
export type SqlSource = { file: string; rendered: RenderedSql | null };

/**
 * Any failure of an SQL block as a person reads it: SQLSTATE and its name, the message with detail and hint, the block's
 * file and the line in it (through the Jinja), the line itself, and the way out where there is one.
 * `client`, if its session still lives, is asked for names like the one that was not found.
 */
export const toBlockError = async (error: unknown, source: SqlSource, client: Client | null): Promise<BlockError> => {
  const { file } = source;
  if (error instanceof CancelledError) {
    return { type: 'cancelled', message: error.message, file, line: null, traceback: null };
  }
  if (error instanceof WandError) {
    const { code, message, line = null, fix = null } = error;
    return { type: code, message, file: error.file ?? file, line, traceback: null, fix };
  }
  const server = error instanceof StatementError ? (error.cause as DatabaseError) : error;
  if (!isServerError(server)) {
    return { type: 'internal', message: messageOf(error), file, line: null, traceback: stackOf(error) };
  }
  const place = error instanceof StatementError && source.rendered ? placeOf(error.offset, source.rendered) : null;
  return {
    type: `${server.code} ${conditionNames[server.code!] ?? 'database_error'}`,
    message: [server.message, server.detail && `DETAIL: ${server.detail}`, server.hint && `HINT: ${server.hint}`]
      .filter(Boolean)
      .join('\n'),
    file,
    line: place?.line ?? null,
    traceback: [place?.excerpt, server.where && `CONTEXT: ${server.where}`].filter(Boolean).join('\n') || null,
    fix: await fixOf(server, client),
    row: await failedRow(server, client),
  };
};

const stackOf = (error: unknown): string | null => (error instanceof Error ? (error.stack ?? null) : null);

/** The line of the template, and the rendered line with a mark under the place, as psql shows it. */
const placeOf = (offset: number, rendered: RenderedSql): { line: number; excerpt: string } => {
  const begin = rendered.text.lastIndexOf('\n', offset - 1) + 1;
  const end = rendered.text.indexOf('\n', offset);
  const text = rendered.text.slice(begin, end < 0 ? undefined : end);
  const label = `LINE ${lineAt(rendered.text, offset)}: `;
  return {
    line: rendered.templateLine(offset),
    excerpt: `${label}${text.replaceAll('\t', ' ')}\n${' '.repeat(label.length + offset - begin)}^`,
  };
};

const fixOf = async (error: DatabaseError, client: Client | null): Promise<string | null> => {
  switch (error.code) {
    case '42P01':
      return undefinedTableFix(error, client);
    case '53100':
      return 'The disk of the database server is full: free space there; the disk of this machine does not matter.';
    case '42501':
      return 'Let the owner GRANT what is missing to this role, or use another profile of io_config.yaml.';
    case '57014':
      return 'A timeout of the server ended it: raise `statement_timeout`, or let the query do less.';
    case '40P01':
    case '40001':
      return 'Two transactions were in each other’s way; running the block again usually helps (`retry_config`).';
    case '42P07':
      return 'Drop it first (`DROP ... IF EXISTS`), or use CREATE ... IF NOT EXISTS.';
    case '2BP01':
      return 'Something depends on it (a view?): drop that first, or use export_write_policy append.';
    case '2D000':
      return 'A procedure that commits by itself cannot be called in a transaction: take the COMMIT out of it.';
    case '42601':
      return error.message.includes('"\\"') ? 'Commands of psql (`\\copy`, `\\d`) are not SQL: take them out.' : null;
    default:
      return null;
  }
};

const undefinedTableFix = async (error: DatabaseError, client: Client | null): Promise<string | null> => {
  const [, schema, table] = /relation "(?:([^".]+)\.)?([^"]+)" does not exist/.exec(error.message) ?? [];
  if (!client || !table) return null;
  const { rows } = await client
    .query<{ schema: string; name: string }>(
      `SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       ORDER BY 1, 2 LIMIT 5000`,
    )
    .catch(() => ({ rows: [] }));
  const elsewhere = rows.filter(({ name, schema: other }) => name === table && other !== schema);
  const here = rows.filter((row) => !schema || row.schema === schema).map(({ name }) => name);
  const near = elsewhere.length > 0 ? elsewhere.map((row) => `${row.schema}.${row.name}`) : nearest(table, here);
  return near.length > 0
    ? `Did you mean ${near.slice(0, 3).join(' or ')}?`
    : 'Run the block that makes this table first.';
};

/** Names of the SQLSTATEs that a block meets (Postgres, appendix A). */
const conditionNames: Record<string, string> = {
  '0A000': 'feature_not_supported',
  '21000': 'cardinality_violation',
  '22001': 'string_data_right_truncation',
  '22003': 'numeric_value_out_of_range',
  '22007': 'invalid_datetime_format',
  '22008': 'datetime_field_overflow',
  '22012': 'division_by_zero',
  '22023': 'invalid_parameter_value',
  '22P02': 'invalid_text_representation',
  '23502': 'not_null_violation',
  '23503': 'foreign_key_violation',
  '23505': 'unique_violation',
  '23514': 'check_violation',
  '25001': 'active_sql_transaction',
  '25006': 'read_only_sql_transaction',
  '25P02': 'in_failed_sql_transaction',
  '2BP01': 'dependent_objects_still_exist',
  '2D000': 'invalid_transaction_termination',
  '3F000': 'invalid_schema_name',
  '40001': 'serialization_failure',
  '40P01': 'deadlock_detected',
  '42501': 'insufficient_privilege',
  '42601': 'syntax_error',
  '42701': 'duplicate_column',
  '42702': 'ambiguous_column',
  '42703': 'undefined_column',
  '42704': 'undefined_object',
  '42710': 'duplicate_object',
  '42803': 'grouping_error',
  '42804': 'datatype_mismatch',
  '42883': 'undefined_function',
  '42P01': 'undefined_table',
  '42P07': 'duplicate_table',
  '42P16': 'invalid_table_definition',
  '53100': 'disk_full',
  '53200': 'out_of_memory',
  '53300': 'too_many_connections',
  '54000': 'program_limit_exceeded',
  '55P03': 'lock_not_available',
  '57014': 'query_canceled',
  '57P01': 'admin_shutdown',
  P0001: 'raise_exception',
};
