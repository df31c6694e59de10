import type { Client } from 'pg';

/** Where the markers lie in the data database (decisions.md 18): a schema of wand's own, beside the user's data. */
export const markerSchema = 'wand_data';
export const markerTable = `${markerSchema}.wand_commit`;

/** `ready`: markers can be read and written; otherwise why this role cannot. */
export type MarkerAccess = { ready: true } | { ready: false; reason: string; fix: string };

/**
 * Makes sure that the marker table exists and that this role may use it. Creating it is a short transaction of its own
 * under an advisory lock, so that two blocks that come first together neither fail nor wait for each other's data.
 */
export const ensureMarkerTable = async (client: Client): Promise<MarkerAccess> => {
  const before = await probe(client);
  if (before.readOnly) return refused('this session is read-only', before);
  if (before.usable) return { ready: true };
  if (before.present) return refused(`role ${before.role} may not use ${markerTable}`, before);
  if (!(await create(client))) return refused(`role ${before.role} may not create schema ${markerSchema}`, before);
  const after = await probe(client);
  return after.usable ? { ready: true } : refused(`role ${after.role} may not use ${markerTable}`, after);
};

type Probe = { present: boolean; usable: boolean; readOnly: boolean; role: string };

// By oid: looking the table up by name fails for a role without USAGE on the schema.
const probe = async (client: Client): Promise<Probe> => {
  const { rows } = await client.query<Probe>(`
    SELECT c.oid IS NOT NULL AS present,
           coalesce(has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
                    AND has_table_privilege(c.oid, 'INSERT'), false) AS usable,
           current_setting('transaction_read_only') = 'on' AS "readOnly",
           current_user::text AS role
    FROM (SELECT) AS one
    LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = '${markerSchema}'
    LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = 'wand_commit' AND c.relkind = 'r'`);
  return rows[0]!;
};

const insufficientPrivilege = '42501';
const readOnlyTransaction = '25006';

const create = async (client: Client): Promise<boolean> => {
  try {
    await client.query('BEGIN');
    // "Already exists, skipping" of a table of ours is no news for the block's log.
    await client.query("SET LOCAL client_min_messages = 'warning'");
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('${markerTable}', 0))`);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${markerSchema}`);
    await client.query(`
      CREATE TABLE IF NOT EXISTS ${markerTable} (
        state text NOT NULL,
        run_id text NOT NULL,
        block text NOT NULL,
        attempt integer NOT NULL,
        rows bigint,
        outputs jsonb NOT NULL,
        committed_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (state, run_id, block, attempt)
      )`);
    await client.query('COMMIT');
    return true;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    const { code } = error as { code?: string };
    if (code === insufficientPrivilege || code === readOnlyTransaction) return false;
    throw error;
  }
};

const refused = (reason: string, { role }: Probe): MarkerAccess => ({
  ready: false,
  reason,
  fix:
    `Let a role that may create it run: CREATE SCHEMA IF NOT EXISTS ${markerSchema} AUTHORIZATION "${role.replaceAll('"', '""')}"; ` +
    'or go on without: the block is then at-least-once.',
});
