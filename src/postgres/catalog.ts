export { tablePage } from './table-page.ts';

import type { ClientBase } from 'pg';

/** A table or view of a user's schema. */
export type CatalogEntry = {
  schema: string;
  table: string;
  kind: 'table' | 'view';
  /** As the planner believes; 0 where it knows nothing yet. */
  rowEstimate: number;
  /** With indexes and long values; of all partitions. */
  bytes: number;
};

/**
 * Tables and views that the role may see, by schema and name, without those of the system, of wand itself, of extensions, and partitions
 * (their parent stands for them). Sizes come from the catalog; nothing is counted.
 */
export const listTables = async (client: ClientBase): Promise<CatalogEntry[]> => {
  const { rows } = await client.query<CatalogEntry>(`
    SELECT n.nspname AS schema, c.relname AS table,
           CASE WHEN c.relkind = 'v' THEN 'view' ELSE 'table' END AS kind,
           greatest(coalesce(t.estimate, 0), 0)::float8 AS "rowEstimate",
           coalesce(t.bytes, 0)::float8 AS bytes
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN LATERAL (
        SELECT sum(greatest(leaf.reltuples, 0)) AS estimate, sum(pg_total_relation_size(leaf.oid)) AS bytes
          FROM pg_class leaf
         WHERE leaf.oid = c.oid AND c.relkind <> 'p'
            OR c.relkind = 'p' AND leaf.oid IN (SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf)
      ) t ON true
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND NOT c.relispartition
       AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'wand', 'wand_boss', 'wand_data') AND n.nspname NOT LIKE 'pg\\_%'
       AND has_schema_privilege(n.oid, 'USAGE')
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')
     ORDER BY n.nspname, c.relname`);
  return rows;
};
