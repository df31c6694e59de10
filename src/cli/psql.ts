import { spawn } from 'node:child_process';
import type { ConnectionConfig } from '../model/connection-config.ts';
import { databaseUrl } from '../postgres/database-url.ts';

/**
 * Runs the system's psql on a database and answers its exit code. The password goes by the environment: arguments are in everybody's
 * process list. Without a psql the URL is printed, and the answer is 2 (decisions.md 21).
 */
export const openPsql = (config: ConnectionConfig, args: string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    // ctrl-c in psql cancels a statement; it must not end wand and leave psql behind.
    const ignore = (): void => {};
    process.on('SIGINT', ignore);
    const child = spawn('psql', args, { stdio: 'inherit', env: { ...process.env, ...psqlEnvironment(config) } });
    child.once('error', (error: NodeJS.ErrnoException) => {
      process.off('SIGINT', ignore);
      if (error.code === 'ENOENT') resolve(withoutPsql(config));
      else reject(error);
    });
    child.once('exit', (code, signal) => {
      process.off('SIGINT', ignore);
      resolve(signal ? 1 : (code ?? 1));
    });
  });

const psqlEnvironment = (config: ConnectionConfig): Record<string, string> => ({
  PGHOST: config.host,
  PGPORT: String(config.port),
  PGUSER: config.user,
  PGPASSWORD: config.password,
  PGDATABASE: config.database,
  PGAPPNAME: 'wand db psql',
  ...(config.sslMode ? { PGSSLMODE: config.sslMode } : {}),
  ...(config.schema ? { PGOPTIONS: `-c search_path=${searchPath(config.schema)}` } : {}),
});

/** In PGOPTIONS a backslash guards a blank; the quotes make it one name. */
const searchPath = (schema: string): string => `"${schema.replaceAll('"', '""')}",public`.replace(/[\\ ]/g, '\\$&');

const withoutPsql = (config: ConnectionConfig): number => {
  process.stdout.write(`${databaseUrl(config, { mask: false })}\n`);
  process.stderr.write(
    'wand: there is no psql on the PATH\n  Open the URL above with a client, or use `wand sql "select ..."`.\n',
  );
  return 2;
};
