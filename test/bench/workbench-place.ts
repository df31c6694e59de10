import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { packageRoot } from '../../src/home/package-root.ts';
import { connectClient } from '../../src/postgres/connect.ts';
import { databaseUrl } from '../../src/postgres/database-url.ts';
import { embeddedTcpConfig, ensureDatabase } from '../../src/postgres/embedded/database.ts';
import { ensureEmbeddedServer } from '../../src/postgres/embedded/ensure.ts';
import { findInstance } from '../../src/project/instance.ts';
import type { Kept } from '../../src/tui/state/kept.ts';
import { uiFile } from '../../src/tui/ui-file.ts';
import { removeHome } from '../support/home.ts';
import { openPtyProgram } from './pty-program.ts';

export const blockCount = 100;
export const tableRows = 10_000;
/** Seconds that the block of `chatty` writes 200 lines a second. */
export const chattySeconds = 25;

export type WorkbenchPlace = {
  root: string;
  environment: NodeJS.ProcessEnv;
  /** The table as a file, for `visidata`. */
  csv: string;
  client: Client;
  /** Leaves the workbench for the next start in this pipeline and tab. */
  leaveAt(kept: Partial<Kept> & { pipelineName: string }): void;
  wand(args: string[]): Promise<void>;
  remove(): Promise<void>;
};

/** A project with a pipeline of 100 blocks that has run, a table of 10,000 rows and 12 columns, and a block that writes much log. */
export const prepareWorkbench = async (): Promise<WorkbenchPlace> => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'wand-workbench-')));
  const home = join(root, 'home');
  const project = join(root, 'projects', 'wide');
  const server = await ensureEmbeddedServer(home);
  await ensureDatabase(server, 'state');
  await ensureDatabase(server, 'data');
  const data = embeddedTcpConfig(server, 'data');
  writeProject(project, data);
  const client = await connectClient(data, { applicationName: 'bench' });
  const csv = join(root, 'trips.csv');
  await makeTable(client, csv);
  const url = databaseUrl(embeddedTcpConfig(server, 'state'), { mask: false });
  const environment = { ...process.env, WAND_HOME: home, WAND_DATABASE_URL: url, WAND_NODE: process.execPath };
  const wand = async (args: string[]): Promise<void> => {
    const program = openPtyProgram(process.execPath, [wandProgram, ...args], { directory: root, environment });
    const { code } = await program.ended;
    if (code !== 0) throw new Error(`wand ${args.join(' ')} ended with ${code}:\n${program.screen()}`);
  };
  const leaveAt: WorkbenchPlace['leaveAt'] = ({ pipelineName, ...kept }) => {
    process.env.WAND_HOME = home;
    uiFile(findInstance(root).instance).write({
      version: 1,
      pipeline: { projectPath: project, pipeline: pipelineName },
      ...kept,
    });
  };
  return {
    root,
    environment,
    csv,
    client,
    leaveAt,
    wand,
    remove: async () => {
      await wand(['worker', '--stop']);
      await client.end();
      await removeHome(home);
      rmSync(root, { recursive: true, force: true });
    },
  };
};

export const wandProgram = join(packageRoot(), 'src', 'cli', 'launch.mjs');

/** A layered pipeline: ten blocks a rank, each with one or two blocks of the rank before. */
const writeProject = (project: string, data: { host: string; port: number; user: string; password: string }): void => {
  for (const folder of ['pipelines/many', 'pipelines/chatty', 'transformers', 'data_loaders'])
    mkdirSync(join(project, folder), { recursive: true });
  writeFileSync(join(project, 'metadata.yaml'), 'project_type: standalone\n');
  writeFileSync(
    join(project, 'io_config.yaml'),
    `default:\n  POSTGRES_DBNAME: data\n  POSTGRES_SCHEMA: public\n  POSTGRES_USER: ${data.user}\n  POSTGRES_PASSWORD: '${data.password}'\n` +
      `  POSTGRES_HOST: ${data.host}\n  POSTGRES_PORT: ${data.port}\n`,
    { mode: 0o600 },
  );
  const name = (index: number): string => `block_${String(index).padStart(3, '0')}`;
  const upstream = (index: number): string[] => {
    if (index < 10) return [];
    const before = index - 10 - (index % 10);
    const first = before + (index % 10);
    return index % 3 === 0 ? [name(first), name(before + ((index + 1) % 10))] : [name(first)];
  };
  const blocks = Array.from({ length: blockCount }, (_, index) => {
    writeFileSync(join(project, 'transformers', `${name(index)}.sql`), `select ${index} as n\n`);
    const downstream = Array.from({ length: blockCount }, (_, other) => other).filter((other) =>
      upstream(other).includes(name(index)),
    );
    return (
      `- {uuid: ${name(index)}, name: ${name(index)}, type: transformer, language: sql, upstream_blocks: [${upstream(index)}], ` +
      `downstream_blocks: [${downstream.map(name)}], configuration: {data_provider: postgres, data_provider_profile: default, use_raw_sql: true}}\n`
    );
  });
  writeFileSync(join(project, 'pipelines/many/metadata.yaml'), `name: many\ntype: python\nblocks:\n${blocks.join('')}`);
  writeFileSync(
    join(project, 'pipelines/chatty/metadata.yaml'),
    `name: chatty\ntype: python\nblocks:\n- {uuid: talks, name: talks, type: data_loader, language: typescript, upstream_blocks: [], downstream_blocks: []}\n`,
  );
  writeFileSync(
    join(project, 'data_loaders/talks.ts'),
    `import { loader } from 'wand';
export default loader(async function* () {
  for (let line = 0; line < ${chattySeconds * 200}; line += 10) {
    for (let n = line; n < line + 10; n++) console.log('line ' + n + ' of a log that says what is done to which rows of which table');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  yield { n: 1 };
});
`,
  );
};

const makeTable = async (client: Client, csv: string): Promise<void> => {
  await client.query(`create table public.trips as
    select 'trip-' || lpad(i::text, 6, '0') as trip, timestamp '2021-01-01' + i * interval '97 seconds' as pickup,
      i % 7 as passengers, (i * 7919 % 40000) / 100.0 as distance, i * 31 % 265 as zone_from, i * 17 % 265 as zone_to,
      case when i % 11 = 5 then null else i % 4 + 1 end as payment, (i * 13 % 6000) / 100.0 as fare, (i * 7 % 900) / 100.0 as tip,
      (i * 17 % 9000) / 100.0 as total, i % 2 + 1 as vendor, 'a note about trip ' || i as note
    from generate_series(1, ${tableRows}) i`);
  await client.query('analyze public.trips');
  const { rows } = await client.query<Record<string, unknown>>(
    'select trip, pickup::text, passengers, distance::text, zone_from, zone_to, payment, fare::text, tip::text, total::text, vendor, note from public.trips',
  );
  const lines = rows.map((row) =>
    Object.values(row)
      .map((value) => value ?? '')
      .join(','),
  );
  writeFileSync(csv, [Object.keys(rows[0]!).join(','), ...lines, ''].join('\n'));
};
