import type { Client } from 'pg';
import { fullMonth } from '../../fixtures/trips.ts';
import { copyByPsql, psqlVersion } from './baseline.ts';
import { machineFacts, median } from './machine.ts';
import type { Bench, BenchOptions } from './main.ts';
import { type MemoryPeaks, watchMemory } from './memory.ts';
import { prepareTaxi, type TaxiPlace } from './taxi-place.ts';
import { runYellowTaxi, type WandRun } from './wand-run.ts';

const mostTimes = 2;
const mostMemory = 500e6;
const kept = fullMonth.rows - fullMonth.noPassengers;

type Pair = { baseline: number; wand: WandRun; memory: MemoryPeaks };

/** The whole month through `yellow_taxi` against `psql \copy` of the plain CSV into a table like it (decisions.md 22). */
export const taxiBench: Bench = {
  name: 'taxi',
  about: `a month of ${fullMonth.rows.toLocaleString('en-US')} trips through yellow_taxi, against psql \\copy`,
  run: async (options) => {
    const place = await prepareTaxi();
    try {
      // One run before the clock starts: it makes the tables, and fills the page cache for both sides.
      await pair(place);
      const pairs: Pair[] = [];
      for (let at = 0; at < options.pairs; at++) {
        pairs.push(await pair(place));
        if (!options.json) printPair(at + 1, pairs.at(-1)!);
      }
      return await report(place, pairs, options);
    } finally {
      await place.remove();
    }
  },
};

const pair = async (place: TaxiPlace): Promise<Pair> => {
  await settle(place.client);
  const baseline = await copyByPsql(place);
  await requireRows(place.client, 'ny_taxi.baseline', fullMonth.rows);
  await settle(place.client);
  const watch = watchMemory(place.home);
  const wand = await runYellowTaxi(place);
  const memory = watch.stop();
  await requireRows(place.client, 'ny_taxi.yellow_cab_data', kept);
  return { baseline, wand, memory };
};

/** Both sides load into an empty table of a server that owes the disk nothing. */
const settle = async (client: Client): Promise<void> => {
  await client.query('TRUNCATE ny_taxi.baseline, ny_taxi.yellow_cab_data');
  await client.query('CHECKPOINT');
};

const requireRows = async (client: Client, table: string, rows: number): Promise<void> => {
  const found = Number((await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]!.n);
  if (found !== rows)
    throw new Error(`${table} has ${found} rows instead of ${rows}: the figures would compare different work`);
};

const printPair = (number: number, { baseline, wand, memory }: Pair): void => {
  const blocks = wand.blocks.map(({ uuid, ms }) => `${uuid} ${seconds(ms)}`).join(', ');
  console.log(
    `  pair ${number}: psql ${seconds(baseline)}, wand ${seconds(wand.toExport)} = ${(wand.toExport / baseline).toFixed(2)}x, tree ${mb(memory.tree)} (${blocks})`,
  );
};

const report = async ({ client }: TaxiPlace, pairs: Pair[], { json }: BenchOptions): Promise<boolean> => {
  const ratios = pairs.map(({ baseline, wand }) => wand.toExport / baseline);
  const summary = {
    pairs: pairs.length,
    psql_ms: Math.round(median(pairs.map(({ baseline }) => baseline))),
    wand_ms: Math.round(median(pairs.map(({ wand }) => wand.toExport))),
    wand_command_ms: Math.round(median(pairs.map(({ wand }) => wand.command))),
    ratio: Number(median(ratios).toFixed(2)),
    ratios: ratios.map((ratio) => Number(ratio.toFixed(2))),
    largest_process_bytes: Math.max(...pairs.map(({ memory }) => memory.largest)),
    tree_bytes: Math.max(...pairs.map(({ memory }) => memory.tree)),
    baseline: psqlVersion() ?? 'COPY from Node: there is no psql here',
    server: (await client.query<{ server_version: string }>('SHOW server_version')).rows[0]!.server_version,
  };
  const ok = summary.ratio <= mostTimes && summary.tree_bytes <= mostMemory;
  if (json) console.log(JSON.stringify({ version: 1, bench: 'taxi', machine: machineFacts(), ...summary, ok }));
  else {
    const largest = pairs.map(({ memory }) => memory).toSorted((a, b) => b.largest - a.largest)[0]!;
    console.log(
      `taxi: ${fullMonth.rows.toLocaleString('en-US')} trips, .csv.gz -> load, clean, export; server ${summary.server}, baseline ${summary.baseline}`,
    );
    console.log(`  psql \\copy of the plain CSV      ${seconds(summary.psql_ms)}  (median of ${summary.pairs})`);
    console.log(
      `  wand, submit to end of export    ${seconds(summary.wand_ms)}  = ${summary.ratio.toFixed(2)}x (${mark(summary.ratio <= mostTimes)} at most ${mostTimes}x)`,
    );
    console.log(
      `  wand, the whole command          ${seconds(summary.wand_command_ms)}  (starts Node, summarises in SQL, ends)`,
    );
    console.log(`  largest process                  ${mb(summary.largest_process_bytes)}  ${largest.largestName}`);
    console.log(
      `  all processes but Postgres       ${mb(summary.tree_bytes)}  PSS (${mark(summary.tree_bytes <= mostMemory)} at most ${mb(mostMemory)})`,
    );
  }
  return ok;
};

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const mark = (ok: boolean): string => (ok ? 'kept:' : 'MISSED:');
