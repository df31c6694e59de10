import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { writeTrips } from '../../fixtures/generate.ts';
import { fullMonth } from '../../fixtures/trips.ts';
import { packageRoot } from '../../src/home/package-root.ts';
import type { ConnectionConfig } from '../../src/model/connection-config.ts';
import { connectClient } from '../../src/postgres/connect.ts';
import { embeddedTcpConfig, ensureDatabase } from '../../src/postgres/embedded/database.ts';
import { ensureEmbeddedServer } from '../../src/postgres/embedded/ensure.ts';
import { removeHome } from '../support/home.ts';
import { processesOf } from './memory.ts';
import { runYellowTaxi } from './wand-run.ts';

/** A WAND_HOME, a copy of the sample projects and a month of trips, all of this bench alone. */
export type TaxiPlace = {
  home: string;
  instance: string;
  packed: string;
  plain: string;
  config: ConnectionConfig;
  client: Client;
  remove(): Promise<void>;
};

export const prepareTaxi = async (): Promise<TaxiPlace> => {
  const folder = mkdtempSync(join(tmpdir(), 'wand-bench-'));
  const home = join(folder, 'home');
  const instance = join(folder, 'instance');
  for (const part of ['projects', 'fixtures'])
    cpSync(join(packageRoot(), part), join(instance, part), { recursive: true });
  cpSync(join(instance, 'projects', 'dev.env'), join(instance, 'projects', '.env'));
  const packed = join(packageRoot(), 'fixtures', 'yellow_taxi.full.csv.gz');
  const plain = join(folder, 'month.csv');
  if (!existsSync(packed)) await writeTrips({ rows: fullMonth.rows, seed: 1, out: packed });
  await writeTrips({ rows: fullMonth.rows, seed: 1, out: plain });

  const server = await ensureEmbeddedServer(home);
  await ensureDatabase(server, 'taxi');
  const config = embeddedTcpConfig(server, 'taxi');
  const client = await connectClient(config, { applicationName: 'bench' });
  const place: TaxiPlace = {
    home,
    instance,
    packed,
    plain,
    config,
    client,
    remove: async () => {
      await client.end();
      await endWorkers(home);
      await removeHome(home);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await makeTables(place);
  return place;
};

/** A run leaves its background worker for the next one; here there is none. The supervisor first, which ends its worker. */
const endWorkers = async (home: string): Promise<void> => {
  for (let tries = 0; tries < 100; tries++) {
    const left = processesOf(home)
      .map(Number)
      .toSorted((a, b) => a - b);
    if (left.length === 0) return;
    for (const pid of left) signal(pid, tries < 50 ? 'SIGTERM' : 'SIGKILL');
    await new Promise((later) => setTimeout(later, 200));
  }
};

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // Ended in the meantime.
  }
};

/** The sample makes the table as wand does; the baseline's is like it. */
const makeTables = async (place: TaxiPlace): Promise<void> => {
  await runYellowTaxi({ ...place, packed: join(place.instance, 'fixtures', 'yellow_taxi_sample.csv.gz') });
  await place.client.query('CREATE TABLE ny_taxi.baseline (LIKE ny_taxi.yellow_cab_data)');
};
