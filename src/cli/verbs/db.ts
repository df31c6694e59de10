import type { Command } from 'commander';
import { wandHome } from '../../home/paths.ts';
import type { ConnectionConfig } from '../../model/connection-config.ts';
import type { EmbeddedStatus } from '../../postgres/embedded/status.ts';
import { runs } from '../verb.ts';

type StateOption = { state?: boolean };

/** `wand db start|stop|status|url|psql`: the embedded server, and the way into any database that wand uses. */
export const addDbVerb = (program: Command): void => {
  const db = program
    .command('db')
    .description('the embedded Postgres, and the URL of the databases in use')
    .addHelpText('after', '\nExample:\n  psql "$(wand db url)"');
  runs<{ keep?: boolean }>(
    db
      .command('start')
      .description('start the embedded Postgres (made at the first start)')
      .option('--keep', 'let it run until `wand db stop`, also when nobody uses it')
      .addHelpText('after', '\nExample:\n  wand db start --keep'),
    start,
  );
  runs(
    db.command('stop').description('stop the embedded Postgres').addHelpText('after', '\nExample:\n  wand db stop'),
    stop,
  );
  runs(
    db
      .command('status')
      .description("what runs where, and whether wand's state database answers")
      .addHelpText('after', '\nExample:\n  wand db status --json'),
    status,
  );
  runs<StateOption>(
    db
      .command('url')
      .description("print the URL of the current project's data database, with its password")
      .option('--state', "of wand's own state database instead")
      .addHelpText('after', '\nExample:\n  wand db url --state'),
    url,
  );
  runs<StateOption>(
    db
      .command('psql')
      .description('open psql on that database; what follows -- goes to psql')
      .argument('[arguments...]')
      .option('--state', "wand's own state database instead")
      .addHelpText('after', "\nExample:\n  wand db psql -- -c 'select count(*) from ny_taxi.yellow_cab_data'"),
    psql,
  );
};

const start = async ({ options }: { options: { keep?: boolean; json?: boolean } }): Promise<void> => {
  const { ensureEmbeddedServer } = await import('../../postgres/embedded/ensure.ts');
  await ensureEmbeddedServer();
  if (options.keep) (await import('../../postgres/embedded/marks.ts')).keepServer(wandHome());
  if (process.env.WAND_DATABASE_URL) {
    process.stderr.write("wand: WAND_DATABASE_URL is set, so wand's state is there and not on the embedded server\n");
  }
  await printStatus(options);
};

const stop = async ({ options }: { options: { json?: boolean } }): Promise<void> => {
  const { stopEmbeddedServer } = await import('../../postgres/embedded/stop.ts');
  // The background worker would start the server again; its blocks wait for the next one.
  await (await import('../../engine/supervisor.ts')).stopSupervisor();
  const stopped = await stopEmbeddedServer();
  if (options.json) return printStatus(options);
  process.stdout.write(stopped ? 'the embedded Postgres is stopped\n' : 'the embedded Postgres did not run\n');
};

const status = async ({ options }: { options: { json?: boolean } }): Promise<void> => {
  await printStatus(options);
  if (!process.env.WAND_DATABASE_URL) return;
  const { connectClient } = await import('../../postgres/connect.ts');
  const client = await connectClient(await stateConfig(), { applicationName: 'wand db' });
  await client.end();
};

const url = async ({ options }: { options: StateOption & { json?: boolean; directory?: string } }): Promise<void> => {
  const { databaseUrl } = await import('../../postgres/database-url.ts');
  const config = await chosenConfig(options);
  const text = databaseUrl(config, { mask: false });
  process.stdout.write(options.json ? `${JSON.stringify({ version: 1, url: text })}\n` : `${text}\n`);
};

const psql = async (call: { arguments: string[]; options: StateOption & { directory?: string } }): Promise<number> => {
  const { openPsql } = await import('../psql.ts');
  return openPsql(await chosenConfig(call.options), call.arguments);
};

const chosenConfig = async (options: StateOption & { directory?: string }): Promise<ConnectionConfig> =>
  options.state ? stateConfig() : (await import('../data-database.ts')).dataDatabase(options.directory);

/** By TCP: the URL is for psql, SQLAlchemy, JDBC and the like, and not all of them know sockets. */
const stateConfig = async (): Promise<ConnectionConfig> => {
  const { stateDatabase } = await import('../../postgres/state-database.ts');
  const config = await stateDatabase();
  return config.origin === 'the embedded server' ? { ...config, host: '127.0.0.1' } : config;
};

const printStatus = async ({ json }: { json?: boolean }): Promise<void> => {
  const { embeddedServerStatus } = await import('../../postgres/embedded/status.ts');
  const server = embeddedServerStatus();
  const stateUrl = await maskedStateUrl();
  if (json) process.stdout.write(`${JSON.stringify(statusJson(server, stateUrl))}\n`);
  else process.stdout.write(statusText(server, stateUrl));
};

/** Of WAND_DATABASE_URL; null if the state is on the embedded server. */
const maskedStateUrl = async (): Promise<string | null> => {
  const { databaseUrl, parseDatabaseUrl } = await import('../../postgres/database-url.ts');
  const text = process.env.WAND_DATABASE_URL;
  return text ? databaseUrl(parseDatabaseUrl(text, 'WAND_DATABASE_URL'), { mask: true }) : null;
};

const statusJson = (server: EmbeddedStatus, stateUrl: string | null) => ({
  version: 1,
  server: {
    state: server.state,
    pid: server.pid,
    host: server.port === null ? null : '127.0.0.1',
    port: server.port,
    socket_folder: server.socketFolder,
    data_folder: server.dataFolder,
    bin_folder: server.binFolder,
    postgres_version: server.version,
    kept: server.kept,
  },
  state_database: stateUrl ?? 'embedded',
});

const statusText = (server: EmbeddedStatus, stateUrl: string | null): string => {
  const lines = [
    `embedded Postgres  ${server.state}${server.kept ? ', kept until `wand db stop`' : ''}`,
    server.version && `version            ${server.version}${server.binFolder ? ` (${server.binFolder})` : ''}`,
    server.port && `address            127.0.0.1:${server.port}, process ${server.pid}`,
    server.dataFolder && `data               ${server.dataFolder}`,
    `wand's state       ${stateUrl ? `${stateUrl} (WAND_DATABASE_URL)` : 'database wand of the embedded Postgres'}`,
  ];
  return lines
    .filter(Boolean)
    .map((line) => `${line}\n`)
    .join('');
};
