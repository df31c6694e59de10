import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WandError } from '../../src/problem/wand-error.ts';
import { readIoConfig } from '../../src/project/io-config.ts';
import { postgresConfig } from '../../src/project/postgres-profile.ts';
import { tempFolder } from './temp-project.ts';

const environment = {
  POSTGRES_DBNAME: 'db',
  POSTGRES_SCHEMA: 'magic',
  POSTGRES_USER: 'me',
  POSTGRES_PASSWORD: 'secret',
  POSTGRES_HOST: 'localhost',
  POSTGRES_PORT: '5433',
};

const course = `version: 0.1.1
default:
  AWS_REGION: us-west-2
dev:
  POSTGRES_CONNECT_TIMEOUT: 10
  POSTGRES_DBNAME: "{{env_var('POSTGRES_DBNAME')}}"
  POSTGRES_SCHEMA: "{{env_var('POSTGRES_SCHEMA')}}"
  POSTGRES_USER: "{{env_var('POSTGRES_USER')}}"
  POSTGRES_PASSWORD: '{{env_var("POSTGRES_PASSWORD")}}'
  POSTGRES_HOST: "{{env_var('POSTGRES_HOST')}}"
  POSTGRES_PORT: "{{env_var('POSTGRES_PORT')}}"
`;

const connection = (yaml: string, profile = 'dev', variables: Record<string, string> = environment) =>
  postgresConfig(readIoConfig(tempFolder({ 'io_config.yaml': yaml }), variables), profile);

const errorOf = (...call: Parameters<typeof connection>): WandError => {
  try {
    connection(...call);
  } catch (error) {
    return error as WandError;
  }
  throw new Error('no error');
};

describe('a flat profile', () => {
  it('is a connection, with the port as a number', () => {
    expect(connection(course)).toEqual({
      host: 'localhost',
      port: 5433,
      user: 'me',
      password: 'secret',
      database: 'db',
      schema: 'magic',
      connectTimeout: 10,
      origin: 'profile dev of io_config.yaml',
    });
  });

  it('takes the TLS keys and a default port', () => {
    const yaml = `dev: {POSTGRES_HOST: h, POSTGRES_USER: u, POSTGRES_DBNAME: d, POSTGRES_PASSWORD: 010,
  POSTGRES_SSL_MODE: verify-full, POSTGRES_SSL_ROOTCERT: /ca.pem, POSTGRES_SSL_CERT: /c.pem, POSTGRES_SSL_KEY: /k.pem}\n`;
    expect(connection(yaml)).toEqual({
      host: 'h',
      port: 5432,
      user: 'u',
      // As PyYAML reads an unquoted 010.
      password: '8',
      database: 'd',
      sslMode: 'verify-full',
      sslRootCert: '/ca.pem',
      sslCert: '/c.pem',
      sslKey: '/k.pem',
      origin: 'profile dev of io_config.yaml',
    });
  });

  it('is rendered as a whole before it is YAML, blocks of Jinja included', () => {
    const yaml = `{% if env_var('REGION') == 'north' %}
dev: {POSTGRES_HOST: north, POSTGRES_USER: u, POSTGRES_DBNAME: d, POSTGRES_PORT: {{ env_var('POSTGRES_PORT') }}}
{% else %}
dev: {POSTGRES_HOST: south, POSTGRES_USER: u, POSTGRES_DBNAME: d}
{% endif %}`;
    expect(connection(yaml, 'dev', { ...environment, REGION: 'north' })).toMatchObject({ host: 'north', port: 5433 });
    expect(connection(yaml)).toMatchObject({ host: 'south', port: 5432 });
  });
});

describe('a verbose profile', () => {
  it('is read in nested form, and its flat keys do not count', () => {
    const yaml = `dev:
  POSTGRES_HOST: ignored
  PostgreSQL:
    database: d
    host: nested
    password: x
    port: "{{ env_var('POSTGRES_PORT') }}"
    schema: s
    user: u
`;
    expect(connection(yaml)).toMatchObject({
      host: 'nested',
      port: 5433,
      database: 'd',
      schema: 's',
      user: 'u',
      password: 'x',
    });
    expect(errorOf('dev:\n  POSTGRES_HOST: h\n  BigQuery: {}\n')).toMatchObject({ code: 'profile-incomplete' });
  });
});

describe('errors', () => {
  it('name every variable that is not set, where it is used, and the way out', () => {
    const { POSTGRES_HOST: _host, POSTGRES_PORT: _port, ...rest } = environment;
    const error = errorOf(course, 'dev', rest);
    expect(error).toMatchObject({ code: 'profile-incomplete', exitCode: 2, line: 10 });
    expect(error.file).toMatch(/io_config\.yaml$/);
    expect(error.message).toBe('the profile dev needs POSTGRES_HOST, POSTGRES_PORT, which are not set');
    expect(error.fix).toContain('.env');
  });

  it('find the variable behind an alias or a merged profile', () => {
    const yaml = `base: &base
  POSTGRES_HOST: "{{ env_var('NOT_SET_HERE') }}"
  POSTGRES_USER: u
  POSTGRES_DBNAME: d
same: *base
dev:
  <<: *base
  POSTGRES_USER: other
`;
    for (const profile of ['base', 'same', 'dev']) {
      expect(errorOf(yaml, profile)).toMatchObject({
        line: 2,
        message: `the profile ${profile} needs NOT_SET_HERE, which is not set`,
      });
    }
  });

  it('leave an unset schema out and hand an unset password on as Mage does, noted in the origin', () => {
    const { POSTGRES_SCHEMA: _schema, POSTGRES_PASSWORD: _password, ...rest } = environment;
    const config = connection(course, 'dev', rest);
    expect(config).not.toHaveProperty('schema');
    expect(config).toMatchObject({
      password: 'None',
      origin: 'profile dev of io_config.yaml (not set: POSTGRES_PASSWORD)',
    });
  });

  it('name the profiles there are', () => {
    const error = errorOf(course, 'prod');
    expect(error).toMatchObject({ code: 'profile-missing', exitCode: 2, fix: 'There are: default, dev.' });
    expect(error.message).toContain('prod');
    expect(errorOf(course, 'constructor')).toMatchObject({ code: 'profile-missing' });
    expect(errorOf(course, 'version')).toMatchObject({ code: 'profile-missing' });
  });

  it('name the missing key and the line of the profile', () => {
    const error = errorOf(course, 'default');
    expect(error).toMatchObject({ code: 'profile-incomplete', line: 2 });
    expect(error.message).toBe('the profile default has no POSTGRES_HOST');
  });

  it.each(['0', '65536', '5432x', '-1', 'None', '54.3'])('refuse %s as a port, with its line', (port) => {
    const error = errorOf(course, 'dev', { ...environment, POSTGRES_PASSWORD: 'x', POSTGRES_PORT: port });
    expect(error).toMatchObject({ code: 'profile-invalid', line: 11 });
    expect(error.message).toContain(port);
  });

  it('refuse an SSH tunnel and say what to do instead', () => {
    const error = errorOf(`${course}  POSTGRES_CONNECTION_METHOD: ssh_tunnel\n`, 'dev', {
      ...environment,
      POSTGRES_PASSWORD: 'x',
    });
    expect(error).toMatchObject({ code: 'ssh-tunnel', line: 12 });
    expect(error.fix).toContain('ssh -L');
  });

  it('do not repeat a secret that breaks the YAML', () => {
    const error = errorOf(course, 'dev', { ...environment, POSTGRES_PASSWORD: "it's-my-secret" });
    expect(error).toMatchObject({ code: 'invalid-yaml', line: 9 });
    expect(JSON.stringify([error.message, error.fix])).not.toContain('my-secret');
  });

  it('say that the file is missing, not YAML, or not a map', () => {
    expect(() => readIoConfig(join(tempFolder({}), 'p'), {})).toThrow('has no io_config.yaml');
    expect(errorOf('dev:\n a: 1\n  b: 2\n')).toMatchObject({ code: 'invalid-yaml', line: 3 });
    expect(errorOf('- a\n')).toMatchObject({ code: 'io-config-invalid' });
    expect(errorOf('dev:\n')).toMatchObject({ code: 'profile-invalid', line: 1 });
  });
});
