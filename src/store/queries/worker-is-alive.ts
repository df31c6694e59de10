/** A worker is alive while its session holds the advisory lock `lock_key` of its row (`w`). */
export const workerIsAlive = `exists (
  select from pg_locks l where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and l.database = (select oid from pg_database where datname = current_database())
    and (l.classid::bigint << 32) | l.objid::bigint = w.lock_key)`;
