import type pg from 'pg';
import { qualifiedName, quoteIdentifier } from '../../src/postgres/identifiers.ts';
import { type ExactJson, exactText } from './exact-json.ts';
import type { Scrub } from './scrub.ts';

type TableEntry = { oid: string; entry: { [key: string]: ExactJson } };

/** Tables and views of a database by `schema.table`, as `expected.json` has them. */
export type Tables = Map<string, TableEntry>;

/** Rows that the pack keeps of a table. */
const keptRows = 30;

/** Every table and view but wand's own. Rows as text, sorted by it. */
export const readTables = async (client: pg.Client): Promise<Tables> => {
  const { rows } = await client.query<{ oid: string; schema: string; name: string; kind: string }>(
    `select c.oid::text, n.nspname as schema, c.relname as name, c.relkind::text as kind
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'v', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'wand_data')
       and n.nspname !~ '^pg_(toast|temp)' order by 2, 3`,
  );
  const tables: Tables = new Map();
  for (const table of rows) {
    const name = `${table.schema}.${table.name}`;
    tables.set(name, { oid: table.oid, entry: await readEntry(client, table) });
  }
  return tables;
};

const readEntry = async (
  client: pg.Client,
  table: { oid: string; schema: string; name: string; kind: string },
): Promise<{ [key: string]: ExactJson }> => {
  const columns = await client.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) || case when attnotnull then ' not null' else '' end as type
     from pg_attribute where attrelid = $1 and attnum > 0 and not attisdropped order by attnum`,
    [table.oid],
  );
  const names = columns.rows.map(({ name }) => `${quoteIdentifier(name)}::text`);
  const found =
    names.length === 0
      ? []
      : (
          await client.query({
            text: `select ${names.join(', ')} from ${qualifiedName({ schema: table.schema, table: table.name })}`,
            rowMode: 'array',
          })
        ).rows;
  // Postgres 18 keeps NOT NULL among the constraints, which the recorded 15 did not.
  const constraints = await client.query<{ name: string; definition: string }>(
    `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = $1 and contype <> 'n' order by 1`,
    [table.oid],
  );
  return {
    columns: Object.fromEntries(columns.rows.map(({ name, type }) => [name, type])),
    row_count: found.length,
    ...(table.kind === 'r' ? {} : { relkind: table.kind }),
    ...(constraints.rows.length === 0
      ? {}
      : { constraints: Object.fromEntries(constraints.rows.map(({ name, definition }) => [name, definition])) }),
    rows: (found as (string | null)[][]).sort(byText).slice(0, keptRows),
  };
};

/** NULL first, then by code unit: the order in which the recorder sorted. */
const byText = (one: (string | null)[], other: (string | null)[]): number => {
  for (const [index, value] of one.entries()) {
    const against = other[index] ?? null;
    if (value === against) continue;
    if (value === null || against === null) return value === null ? -1 : 1;
    return value < against ? -1 : 1;
  }
  return 0;
};

/** What a step changed: `tables_after`, `tables_unchanged` (a set: name -> true), `tables_gone`. */
export const tableChanges = (before: Tables, after: Tables, scrub: Scrub): { [key: string]: ExactJson } => {
  const unchanged = [...after.keys()].filter((name) => isSame(before.get(name), after.get(name)!));
  const changed = [...after].filter(([name]) => !unchanged.includes(name));
  const gone = [...before.keys()].filter((name) => !after.has(name)).sort();
  return {
    ...(changed.length === 0
      ? {}
      : {
          tables_after: Object.fromEntries(
            changed.map(([name, table]) => [name, changedEntry(before.get(name), table, scrub)]),
          ),
        }),
    ...(unchanged.length === 0 ? {} : { tables_unchanged: Object.fromEntries(unchanged.map((name) => [name, true])) }),
    ...(gone.length === 0 ? {} : { tables_gone: gone }),
  };
};

const isSame = (before: TableEntry | undefined, after: TableEntry): boolean =>
  before !== undefined && before.oid === after.oid && exactText(before.entry) === exactText(after.entry);

const changedEntry = (before: TableEntry | undefined, { oid, entry }: TableEntry, scrub: Scrub): ExactJson => ({
  ...entry,
  rows: scrub(entry.rows ?? []),
  ...(before ? { same_oid_as_before_step: before.oid === oid } : {}),
});
