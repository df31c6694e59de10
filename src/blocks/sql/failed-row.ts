import type { Client, DatabaseError } from 'pg';
import type { FailedRow } from '../../model/run.ts';

/**
 * The row that the server names in an error: the one that breaks a constraint, the key that is there already or is missing, the line of a COPY.
 * Null where it names none. `client`, if its session still lives, is asked for the columns of the table.
 */
export const failedRow = async (error: DatabaseError, client: Client | null): Promise<FailedRow | null> => {
  const copied = copiedLine(error.where ?? '');
  const whole = /^Failing row contains \((.*)\)\.$/s.exec(error.detail ?? '')?.[1];
  if (whole !== undefined) {
    const values = labelled(await columnsOf(error, client), whole);
    return { input: null, number: copied?.number ?? null, values };
  }
  return keyOf(error.detail ?? '') ?? copied;
};

/** `Key (a, b)=(1, x) already exists.`, and its kin for foreign keys. */
const keyOf = (detail: string): FailedRow | null => {
  const [, columns, values] =
    /^Key \((.+?)\)=\((.*)\) (?:already exists|is not present in|is still referenced from|is duplicated)/s.exec(
      detail,
    ) ?? [];
  if (columns === undefined || values === undefined) return null;
  return { input: null, number: null, values: labelled(columns.split(', '), values, columns) };
};

/** `COPY trips, line 7, column fare: "x"`: text rows have a line each. */
const copiedLine = (where: string): FailedRow | null => {
  const [, line, column, value, empty] =
    /^COPY .+?, line (\d+)(?:, column (.+?): (?:"(.*)"|(null input)))?$/s.exec(where.split('\n')[0]!) ?? [];
  if (line === undefined) return null;
  const values = column === undefined ? [] : [[column, empty ? null : value!] as const];
  return { input: null, number: Number(line), values };
};

/** The server parts values by a comma and a blank, and quotes nothing: if there are more parts than columns nobody knows which is whose. */
const labelled = (columns: readonly string[], text: string, label = 'row'): FailedRow['values'] => {
  const parts = text.split(', ');
  if (parts.length !== columns.length) return [[label, text]];
  return parts.map((value, index) => [columns[index]!, value === 'null' ? null : value]);
};

const columnsOf = async ({ schema, table }: DatabaseError, client: Client | null): Promise<string[]> => {
  if (!client || !schema || !table) return [];
  const { rows } = await client
    .query<{ name: string }>(
      `SELECT a.attname AS name FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
      [schema, table],
    )
    .catch(() => ({ rows: [] }));
  return rows.map(({ name }) => name);
};
