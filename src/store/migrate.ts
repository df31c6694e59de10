import type pg from 'pg';
import { WandError } from '../problem/wand-error.ts';
import { migrations, schemaVersion } from './migrations/index.ts';

/** Any fixed number of ours: one migration at a time per database. */
const migrationLock = 7_767_001;

/**
 * Brings the schema `wand` up to this code's number. `afterwards` runs under the same lock when something changed
 * (the queue's own tables are installed there). Refuses a schema that is newer than this code.
 */
export const migrate = async (pool: pg.Pool, afterwards: () => Promise<void>): Promise<void> => {
  if ((await currentVersion(pool)) === schemaVersion) return;
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await client.query('create schema if not exists wand');
    await client.query(
      'create table if not exists wand.migration (number int primary key, applied_at timestamptz not null default now())',
    );
    const applied = await currentVersion(client);
    if (applied > schemaVersion) throw newerSchema(applied);
    await afterwards();
    for (const [index, sql] of migrations.entries()) {
      if (index < applied) continue;
      await client.query('begin');
      await client.query(sql);
      await client.query('insert into wand.migration (number) values ($1)', [index + 1]);
      await client.query('commit');
    }
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    await client.query('select pg_advisory_unlock($1)', [migrationLock]).catch(() => {});
    client.release();
  }
};

const currentVersion = async (client: pg.Pool | pg.PoolClient): Promise<number> => {
  const { rows } = await client.query<{ there: boolean }>("select to_regclass('wand.migration') is not null as there");
  if (!rows[0]?.there) return 0;
  const applied = await client.query<{ number: number | null }>('select max(number) as number from wand.migration');
  const number = applied.rows[0]?.number ?? 0;
  if (number > schemaVersion) throw newerSchema(number);
  return number;
};

const newerSchema = (found: number): WandError =>
  new WandError(
    'schema-newer',
    `wand's state database has schema ${found}, this wand knows ${schemaVersion}: it was used by a newer wand`,
    { fix: 'update this wand, or point WAND_DATABASE_URL at another database' },
  );
