import type { ConnectionConfig } from '../model/connection-config.ts';
import { WandError } from '../problem/wand-error.ts';

const shape =
  /^postgres(?:ql)?:\/\/(?:(?<login>.*)@)?(?<host>\[[^\]]*\]|[^/?:@]*)(?::(?<port>\d+))?(?:\/(?<database>[^?]*))?(?:\?(?<query>.*))?$/s;

/**
 * Reads a `postgresql://` URL as libpq does, also with `?host=/socket/folder`, and forgives an `@`, `#` or `/` in the password
 * that should have been percent-encoded. `origin` is what messages call the URL; they never repeat it, for its password.
 * Throws WandError `invalid-database-url`.
 */
export const parseDatabaseUrl = (url: string, origin: string): ConnectionConfig => {
  const parts = shape.exec(url.trim())?.groups;
  if (!parts) throw invalid(origin, 'is not a Postgres URL');
  const query = new URLSearchParams(parts.query ?? '');
  const [user, password] = splitLogin(parts.login ?? query.get('user') ?? '');
  const host = query.get('host') ?? decode(parts.host ?? '').replace(/^\[|\]$/g, '');
  const port = Number(query.get('port') ?? parts.port ?? 5432);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalid(origin, 'has a port outside 1 to 65535');
  if (user === '') throw invalid(origin, 'names no user');
  return {
    host: host || 'localhost',
    port,
    user,
    password: query.get('password') ?? password,
    database: decode(parts.database ?? '') || query.get('dbname') || user,
    ...optional('sslMode', query.get('sslmode')),
    ...optional('sslRootCert', query.get('sslrootcert')),
    ...optional('sslCert', query.get('sslcert')),
    ...optional('sslKey', query.get('sslkey')),
    ...optional('connectTimeout', positive(query.get('connect_timeout'))),
    origin,
  };
};

/** The URL of a config for psql, SQLAlchemy and the like; with `mask` the password is `***`. */
export const databaseUrl = (config: ConnectionConfig, { mask }: { mask: boolean }): string => {
  const password = mask ? '***' : encodeURIComponent(config.password);
  const login = `${encodeURIComponent(config.user)}${config.password ? `:${password}` : ''}`;
  const isSocket = config.host.startsWith('/');
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const query = new URLSearchParams();
  if (isSocket) {
    query.set('host', config.host);
    query.set('port', String(config.port));
  }
  for (const [field, name] of Object.entries(sslParameters)) {
    const value = config[field as keyof typeof sslParameters];
    if (value) query.set(name, value);
  }
  const place = isSocket ? '' : `${host}:${config.port}`;
  const suffix = query.size > 0 ? `?${query.toString().replaceAll('+', '%20')}` : '';
  return `postgresql://${login}@${place}/${encodeURIComponent(config.database)}${suffix}`;
};

const sslParameters = { sslMode: 'sslmode', sslRootCert: 'sslrootcert', sslCert: 'sslcert', sslKey: 'sslkey' } as const;

const splitLogin = (login: string): [string, string] => {
  const colon = login.indexOf(':');
  return colon < 0 ? [decode(login), ''] : [decode(login.slice(0, colon)), decode(login.slice(colon + 1))];
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const positive = (text: string | null): number | null => (text && Number(text) > 0 ? Number(text) : null);

const optional = <Key extends string, Value>(key: Key, value: Value | null): { [K in Key]?: Value } =>
  value === null ? {} : ({ [key]: value } as { [K in Key]?: Value });

const invalid = (origin: string, why: string): WandError =>
  new WandError('invalid-database-url', `${origin} ${why}.`, {
    fix: 'Write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with special characters percent-encoded.',
  });
