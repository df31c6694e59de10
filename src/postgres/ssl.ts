import { readFileSync } from 'node:fs';
import type { ClientConfig } from 'pg';
import type { ConnectionConfig } from '../model/connection-config.ts';
import { WandError } from '../problem/wand-error.ts';

type Ssl = Exclude<ClientConfig['ssl'], undefined>;

/**
 * The ways to connect that libpq's `sslmode` allows, in its order. Without one it is `prefer`: TLS if the server has it, else plain;
 * a server on this machine is reached plain. Throws WandError `invalid-sslmode`.
 */
export const sslAttempts = (config: ConnectionConfig): Ssl[] => {
  const encrypted = { rejectUnauthorized: false };
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
      return [{ rejectUnauthorized: true, checkServerIdentity: () => undefined, ...rootCertificate() }];
    case 'verify-full':
      return [{ rejectUnauthorized: true, ...rootCertificate() }];
    default:
      throw new WandError(
        'invalid-sslmode',
        `${config.origin ?? 'The connection'} has the sslmode ${JSON.stringify(config.sslMode)}.`,
        { fix: 'Use one of disable, allow, prefer, require, verify-ca, verify-full.' },
      );
  }
};

/** The same variable as for psql; without it Node's own certificates count. */
const rootCertificate = (): { ca?: string } => {
  const file = process.env.PGSSLROOTCERT;
  if (!file) return {};
  try {
    return { ca: readFileSync(file, 'utf8') };
  } catch (cause) {
    throw new WandError('invalid-sslmode', `PGSSLROOTCERT names ${file}, which cannot be read.`, {
      fix: 'Point it to the certificate of the authority, or unset it.',
      cause,
    });
  }
};
