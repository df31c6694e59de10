import { existsSync } from 'node:fs';
import { pruneMarkers } from '../../blocks/marker/prune-markers.ts';
import type { ConnectionConfig } from '../../model/connection-config.ts';
import { connectClient } from '../../postgres/connect.ts';
import type { Store } from '../../store/open-store.ts';
import { hostIdentity } from '../host-identity.ts';
import { projectData } from '../project-data.ts';

export type MarkersReport = { markers: number; databases: number; unreachable: number };

/** A marker is needed for as long as its run is open; after that only to refuse an attempt that slept this long. Days. */
const keptDays = 7;
/** Seconds for one database. */
const patience = 10;

/**
 * Removes markers (decisions.md 18) of runs that have ended, in the databases that blocks of this host's projects have used: those that SQL
 * blocks name, and those that TypeScript blocks have exported to, `default` where none is known. One that does not answer is left for the next time.
 */
export const removeMarkers = async (store: Store, dryRun: boolean): Promise<MarkersReport> => {
  const report = { markers: 0, databases: 0, unreachable: 0 };
  const state = await store.stateId();
  const { rows } = await store.pool.query<{ id: string }>(
    `select id::text from wand.run where status in ('initial', 'running')`,
  );
  const request = {
    state,
    olderThan: new Date(Date.now() - keptDays * 86_400_000),
    exceptRuns: rows.map(({ id }) => id),
    dryRun,
  };
  for (const config of await databasesOf(store)) {
    try {
      const client = await connectClient(
        { ...config, connectTimeout: patience },
        { applicationName: 'wand retention' },
      );
      try {
        await client.query(`set statement_timeout = ${patience * 1_000}`);
        report.markers += await pruneMarkers(client, request);
        report.databases += 1;
      } finally {
        await client.end().catch(() => {});
      }
    } catch {
      report.unreachable += 1;
    }
  }
  return report;
};

const databasesOf = async (store: Store): Promise<ConnectionConfig[]> => {
  const { rows } = await store.pool.query<{ path: string; profile: string | null }>(
    `select distinct r.project_path as path,
       case b.language when 'sql' then b.definition->'configuration'->>'data_provider_profile'
         else coalesce(o.relation->>'profile', 'default') end as profile
     from wand.run r join wand.block_run b on b.run_id = r.id join wand.project p on p.id = r.project_id
     left join wand.output o on o.block_run_id = b.id and o.relation is not null and b.language = 'typescript'
     where p.host = $1 and b.language in ('sql', 'typescript') and b.attempt > 0`,
    [hostIdentity()],
  );
  const found = new Map<string, ConnectionConfig>();
  for (const { path, profile } of rows.filter((row) => existsSync(row.path))) {
    try {
      const data = await projectData(path);
      const config = data.connection(profile ?? data.defaultProfile());
      found.set(JSON.stringify([config.host, config.port, config.user, config.database]), config);
    } catch {
      // A profile that is gone, or that only somebody else's shell completes.
    }
  }
  return [...found.values()];
};
