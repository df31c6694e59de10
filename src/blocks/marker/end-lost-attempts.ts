import type { Client } from 'pg';

/**
 * Ends sessions that still hold a block's lock for an attempt that was given up: of a worker that hangs, or was stopped, the transaction would
 * stay open for as long as its process. What it had not committed is undone, and its commit, if that came first, is found by the
 * marker. `lockKey` as in marked-transaction.ts. Where this role may not end them they are waited for.
 */
export const endLostAttempts = async (client: Client, lockKey: bigint): Promise<void> => {
  const unsigned = BigInt.asUintN(64, lockKey);
  await client
    .query(
      `SELECT pg_catalog.pg_terminate_backend(l.pid) FROM pg_catalog.pg_locks l
       WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.pid <> pg_catalog.pg_backend_pid()
         AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
         AND l.classid::bigint = ${unsigned >> 32n} AND l.objid::bigint = ${unsigned & 0xffffffffn}`,
    )
    .catch(() => undefined);
};
