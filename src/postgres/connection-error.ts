import type { ConnectionConfig } from '../model/connection-config.ts';
import { messageOf, WandError } from '../problem/wand-error.ts';

/** True for a server that is up but not ready: starting, recovering or stopping (SQLSTATE 57P03). */
export const isStartingOrStopping = (error: unknown): boolean => codeOf(error) === '57P03';

/** Turns whatever a connection attempt threw into a WandError with exit code 3; the password is in none of them. */
export const connectionError = (error: unknown, config: ConnectionConfig): WandError => {
  if (error instanceof WandError) return error;
  const place = placeOf(config);
  const from = config.origin ? ` (from ${config.origin})` : '';
  const fail = (code: string, message: string, fix: string) =>
    new WandError(code, message, { fix, cause: error, exitCode: 3 });
  const code = codeOf(error);
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return fail('database-refused', `No Postgres answers at ${place}${from}.`, startOrEmbed(config));
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return fail('database-host-unknown', `${unknownHost(config.host)}${from}.`, startOrEmbed(config));
    case 'EACCES':
      return fail(
        'database-refused',
        `This user may not open the socket of Postgres at ${place}${from}.`,
        elsewhere(config),
      );
    case '28P01':
      return fail(
        'database-login',
        `Postgres at ${place} does not accept the password of user ${quoted(config.user)}${from}.`,
        `Correct the password ${whereToCorrect(config)}.`,
      );
    case '28000':
      return fail(
        'database-login',
        `Postgres at ${place} does not let user ${quoted(config.user)} in${from}: ${messageOf(error)}.`,
        `Correct the user ${whereToCorrect(config)}, or allow it in that server's pg_hba.conf.`,
      );
    case '3D000':
      return fail(
        'database-missing',
        `Postgres at ${place} has no database ${quoted(config.database)}${from}.`,
        `Create it (createdb ${config.database}) or correct the name ${whereToCorrect(config)}.`,
      );
    case '53300':
      return fail(
        'database-full',
        `Postgres at ${place} has no free connection${from}: ${messageOf(error)}.`,
        'End sessions that are not needed, or raise max_connections of that server.',
      );
    case '57P03':
      return fail(
        'database-not-ready',
        `Postgres at ${place}${from} is not ready: ${messageOf(error)}.`,
        'Wait until it has started, and try again.',
      );
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return fail('database-timeout', `Postgres at ${place} did not answer in time${from}.`, elsewhere(config));
    default:
      if (/timeout|timed out/i.test(messageOf(error))) {
        return fail('database-timeout', `Postgres at ${place} did not answer in time${from}.`, elsewhere(config));
      }
      return fail(
        'database-unreachable',
        `Postgres at ${place} cannot be used${from}: ${messageOf(error)}.`,
        elsewhere(config),
      );
  }
};

/** Node tries all addresses of a name and throws one error for all of them, sometimes with the code on the inner ones only. */
const codeOf = (error: unknown): string | undefined => {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, errors } = error as { code?: string; errors?: unknown[] };
  return code ?? codeOf(errors?.[0]);
};

const placeOf = ({ host, port }: ConnectionConfig): string =>
  host.startsWith('/') ? `${host}/.s.PGSQL.${port}` : host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

const unknownHost = (host: string): string =>
  host === 'postgres' || host === 'db' || host === 'pgdatabase'
    ? `The host ${quoted(host)} is unknown here; it is the name that docker compose gives its Postgres, and it resolves inside that compose network only`
    : `The host ${quoted(host)} is unknown`;

const isUrl = (config: ConnectionConfig): boolean => /DATABASE_URL/.test(config.origin ?? '');
const isEmbedded = (config: ConnectionConfig): boolean => /embedded/.test(config.origin ?? '');

const startOrEmbed = (config: ConnectionConfig): string => {
  if (isEmbedded(config)) return 'Start it with `wand db start`.';
  if (isUrl(config)) return `Start that server, or unset WAND_DATABASE_URL to use the embedded server.`;
  return "Start that server, or set POSTGRES_HOST=embedded in .env to use wand's own.";
};

const elsewhere = (config: ConnectionConfig): string => {
  if (isEmbedded(config)) return 'See `wand db status`, and start it anew with `wand db stop` and `wand db start`.';
  if (isUrl(config)) return 'Check WAND_DATABASE_URL and the way to that host, or unset it to use the embedded server.';
  return "Check host and port and the way there, or set POSTGRES_HOST=embedded in .env to use wand's own server.";
};

const whereToCorrect = (config: ConnectionConfig): string => (config.origin ? `in ${config.origin}` : 'there');

const quoted = (name: string): string => JSON.stringify(name);
