import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { WandError } from '../../problem/wand-error.ts';
import { quoteIdentifier, quoteLiteral } from '../identifiers.ts';
import type { Binaries } from './binaries.ts';
import { clusterUser } from './cluster.ts';
import type { Place } from './place.ts';
import { identityOf, serverEnvironment } from './program.ts';

/**
 * Gives the cluster's role a new password, for when server.json was lost: in single-user mode, which asks for none. The server must not run.
 * Throws WandError `postgres-start`.
 */
export const resetPassword = async (place: Place, { binFolder }: Binaries, password: string): Promise<void> => {
  const statement = `ALTER ROLE ${quoteIdentifier(clusterUser)} PASSWORD ${quoteLiteral(password)};\n`;
  const output = await singleUser(place, join(binFolder, 'postgres'), statement);
  if (/ERROR|FATAL|PANIC/.test(output)) {
    throw new WandError(
      'postgres-start',
      `The password of the embedded Postgres could not be set anew: ${output.trim()}`,
      {
        fix: `Bring ${join(place.folder, 'server.json')} back, or set WAND_HOME elsewhere for an empty cluster.`,
        exitCode: 3,
      },
    );
  }
};

const singleUser = (place: Place, postgres: string, statement: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(postgres, ['--single', '-D', place.data, 'postgres'], {
      cwd: place.base,
      env: serverEnvironment(place.base),
      ...identityOf(place.account),
    });
    let output = '';
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.once('error', reject);
    child.once('close', () => resolve(output));
    child.stdin.end(statement);
  });
