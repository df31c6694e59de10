import { readFileSync } from 'node:fs';
import { WandError } from '../../problem/wand-error.ts';

/** A user of this machine. */
export type Account = { name: string; uid: number; gid: number };

/** Whom the server runs as when we are root, which Postgres refuses: `postgres`, else `nobody`. */
export const serverAccount = (passwd: string = readPasswd()): Account => {
  const found = ['postgres', 'nobody'].map((name) => accountOf(passwd, name)).find((account) => account !== null);
  if (found) return found;
  throw new WandError(
    'no-server-account',
    'Postgres refuses to run as root, and there is no user postgres or nobody here.',
    {
      fix: 'Make a user postgres (useradd --system postgres), or run wand as an ordinary user.',
      exitCode: 3,
    },
  );
};

const accountOf = (passwd: string, name: string): Account | null => {
  const [, , uid, gid] =
    passwd
      .split('\n')
      .map((line) => line.split(':'))
      .find((fields) => fields[0] === name) ?? [];
  return uid && gid && Number(uid) > 0 ? { name, uid: Number(uid), gid: Number(gid) } : null;
};

const readPasswd = (): string => {
  try {
    return readFileSync('/etc/passwd', 'utf8');
  } catch {
    return '';
  }
};
