import { readFileSync } from 'node:fs';
import type { ClientConfig } from 'pg';
import type { ConnectionConfig } from '../model/connection-config.ts';
import { messageOf, WandError } from '../problem/wand-error.ts';

type Ssl = Exclude<ClientConfig['ssl'], undefined>;

/**
 * The ways to connect that libpq's `sslmode` allows, in its order. Without one it is `prefer`: TLS if the server has it, else plain;
 * a server on this machine is reached plain. Throws WandError `invalid-sslmode`.
 */
export const sslAttempts = (config: ConnectionConfig): Ssl[] => {
  const encrypted = { rejectUnauthorized: false, ...ownCertificate(config) };
  const local = config.host.startsWith('/') || ['localhost', '127.0.0.1', '::1'].includes(config.host);
  switch (config.sslMode ?? 'prefer') {
    case 'disable':
      return [false];
    case 'allow':
      return [false, encrypted];
    case 'prefer':
      return local ? [false, encrypted] : [encrypted, false];
    case 'require':
      return [encrypted];
    case 'verify-ca':
      return [{ ...verified(config), checkServerIdentity: () => undefined }];
    case 'verify-full':
      return [verified(config)];
    default:
      throw new WandError(
        'invalid-sslmode',
        `${config.origin ?? 'The connection'} has the sslmode ${JSON.stringify(config.sslMode)}.`,
        { fix: 'Use one of disable, allow, prefer, require, verify-ca, verify-full.' },
      );
  }
};

const verified = (config: ConnectionConfig) => ({
  rejectUnauthorized: true,
  ...ownCertificate(config),
  ...given('ca', config.sslRootCert ?? process.env.PGSSLROOTCERT),
});

/** What a server that asks for client certificates wants to see. */
const ownCertificate = (config: ConnectionConfig) => ({
  ...given('cert', config.sslCert ?? process.env.PGSSLCERT),
  ...given('key', config.sslKey ?? process.env.PGSSLKEY),
});

const given = (
  option: 'ca' | 'cert' | 'key',
  file: string | undefined,
): Partial<Record<'ca' | 'cert' | 'key', string>> => {
  if (!file) return {};
  try {
    return { [option]: readFileSync(file, 'utf8') };
  } catch (cause) {
    throw new WandError('invalid-sslmode', `The certificate file ${file} cannot be read: ${messageOf(cause)}.`, {
      fix: 'Correct the path in the profile, the URL or the PGSSL variables.',
      cause,
    });
  }
};
