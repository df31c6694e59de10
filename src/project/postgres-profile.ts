import { basename } from 'node:path';
import type { ConnectionConfig } from '../model/connection-config.ts';
import { WandError } from '../problem/wand-error.ts';
import { type IoConfig, profileLines, profileOf } from './io-config.ts';
import { asMap, get } from './json-values.ts';
import { textOf } from './read-block.ts';

/**
 * The Postgres connection of a profile, flat or verbose (mage-format.md 6.1, 6.3). Throws WandErrors: `profile-missing`,
 * `profile-incomplete` (a key is missing, or its environment variable is not set), `profile-invalid` (port), `ssh-tunnel`.
 *
 * A password that is `None` because its variable is not set stays the text `None`, as in Mage: a server that trusts its
 * clients never asks for it. A schema that is `None` for the same reason is none.
 */
export const postgresConfig = (config: IoConfig, profileName: string): ConnectionConfig => {
  const profile: Profile = { config, name: profileName, keys: postgresKeys(profileOf(config, profileName)) };
  refuseTunnel(profile);
  refuseUnset(profile);
  const unsetPassword = unsetVariables(profile, 'POSTGRES_PASSWORD');
  const origin = `profile ${profileName} of ${basename(config.file)}`;
  const result: ConnectionConfig = {
    host: required(profile, 'POSTGRES_HOST'),
    port: port(profile),
    user: required(profile, 'POSTGRES_USER'),
    password: textOf(get(profile.keys, 'POSTGRES_PASSWORD')) ?? '',
    database: required(profile, 'POSTGRES_DBNAME'),
    origin: unsetPassword.length > 0 ? `${origin} (not set: ${unsetPassword.join(', ')})` : origin,
  };
  const schema = textOf(get(profile.keys, 'POSTGRES_SCHEMA'));
  if (schema !== null && unsetVariables(profile, 'POSTGRES_SCHEMA').length === 0) result.schema = schema;
  const timeout = Number(textOf(get(profile.keys, 'POSTGRES_CONNECT_TIMEOUT')) ?? Number.NaN);
  if (Number.isFinite(timeout) && timeout > 0) result.connectTimeout = timeout;
  for (const [key, field] of Object.entries(sslKeys)) {
    const value = textOf(get(profile.keys, key));
    if (value !== null && value !== 'None') result[field] = value;
  }
  return result;
};

type Profile = { config: IoConfig; name: string; keys: Record<string, unknown> };

const sslKeys = {
  POSTGRES_SSL_MODE: 'sslMode',
  POSTGRES_SSL_ROOTCERT: 'sslRootCert',
  POSTGRES_SSL_CERT: 'sslCert',
  POSTGRES_SSL_KEY: 'sslKey',
} as const;

/** Any of these headers makes a profile verbose: its flat keys do not count then (mage-format.md 6.3). */
const verboseHeaders = [
  'Airtable',
  'Algolia',
  'AWS',
  'Backblaze B2',
  'BigQuery',
  'Chroma',
  'ClickHouse',
  'Druid',
  'Duck DB',
  'Pinot',
  'PostgreSQL',
  'Redshift',
  'Snowflake',
  'Spark',
  'Qdrant',
  'Weaviate',
];

const verboseKeys: Record<string, string> = {
  POSTGRES_DBNAME: 'database',
  POSTGRES_HOST: 'host',
  POSTGRES_PASSWORD: 'password',
  POSTGRES_PORT: 'port',
  POSTGRES_SCHEMA: 'schema',
  POSTGRES_USER: 'user',
};

const postgresKeys = (profile: Record<string, unknown>): Record<string, unknown> => {
  if (!verboseHeaders.some((header) => Object.hasOwn(profile, header))) return profile;
  const section = asMap(get(profile, 'PostgreSQL')) ?? {};
  return Object.fromEntries(Object.entries(verboseKeys).map(([flat, nested]) => [flat, get(section, nested)]));
};

const neededKeys = ['POSTGRES_HOST', 'POSTGRES_PORT', 'POSTGRES_USER', 'POSTGRES_DBNAME'];

/** One error for all variables that are missing, so that they are set in one go. */
const refuseUnset = (profile: Profile): void => {
  const unset = neededKeys.flatMap((key) => unsetVariables(profile, key).map((variable) => ({ key, variable })));
  const first = unset[0];
  if (first === undefined) return;
  const names = [...new Set(unset.map(({ variable }) => variable))].join(', ');
  const verb = unset.length === 1 ? 'is' : 'are';
  throw new WandError('profile-incomplete', `the profile ${profile.name} needs ${names}, which ${verb} not set`, {
    file: profile.config.file,
    line: lineOfKey(profile, first.key),
    fix: `Set ${names} in .env beside the projects or in the shell, or give env_var a default.`,
  });
};

const required = (profile: Profile, key: string): string => {
  const value = textOf(get(profile.keys, key));
  if (value !== null) return value;
  throw new WandError('profile-incomplete', `the profile ${profile.name} has no ${key}`, {
    file: profile.config.file,
    line: profileLines(profile.config.source, profile.name).first,
    fix: `Add ${key} to the profile.`,
  });
};

const port = (profile: Profile): number => {
  const text = get(profile.keys, 'POSTGRES_PORT') === undefined ? '5432' : required(profile, 'POSTGRES_PORT');
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 65_535) return value;
  throw new WandError('profile-invalid', `POSTGRES_PORT of profile ${profile.name} is not a port: ${text}`, {
    file: profile.config.file,
    line: lineOfKey(profile, 'POSTGRES_PORT'),
    fix: 'Write a number from 1 to 65535.',
  });
};

const refuseTunnel = (profile: Profile): void => {
  const method = textOf(get(profile.keys, 'POSTGRES_CONNECTION_METHOD')) ?? 'direct';
  if (method === 'direct' || method === 'None') return;
  throw new WandError(
    'ssh-tunnel',
    `the profile ${profile.name} connects by ${method}, which wand does not support yet`,
    {
      file: profile.config.file,
      line: lineOfKey(profile, 'POSTGRES_CONNECTION_METHOD'),
      fix: 'Open the tunnel yourself (ssh -L 5432:HOST:5432 SERVER) and use POSTGRES_CONNECTION_METHOD: direct with localhost.',
    },
  );
};

/** Variables that made the value of a key the text `None`; none if the value is real, or `None` by the user's own hand. */
const unsetVariables = (profile: Profile, key: string): string[] => {
  const value = get(profile.keys, key);
  if (value !== 'None' && value !== null) return [];
  const line = lineOfKey(profile, key);
  const text = profile.config.source.split(/\r\n|\n|\r/)[line - 1] ?? '';
  const names = [...text.matchAll(/env_var\(\s*(["'])(.*?)\1/g)].map((match) => match[2]!);
  return names.filter((name) => profile.config.unset.has(name));
};

/** Inside the profile; where it is only an alias of another, anywhere in the file. */
const lineOfKey = ({ config, name }: Profile, key: string): number => {
  const { first, last } = profileLines(config.source, name);
  const lines = config.source.split(/\r\n|\n|\r/);
  const keys = [key, verboseKeys[key]].filter((one) => one !== undefined).join('|');
  const pattern = new RegExp(`(?:^|[{,\\s])["']?(?:${keys})["']?\\s*:`);
  const inside = lines.findIndex((line, index) => index >= first - 1 && index < last && pattern.test(line));
  if (inside >= 0) return inside + 1;
  const anywhere = lines.findIndex((line) => line.includes(key));
  return anywhere < 0 ? first : anywhere + 1;
};
