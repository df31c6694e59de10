import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { statePath, wandHome } from '../../home/paths.ts';
import { makePrivateFolder } from '../../home/private-file.ts';
import { isAlive } from '../../home/process.ts';

/** A socket's path must fit sockaddr_un (104 bytes on macOS). */
const longestPath = 100;

/** `$WAND_HOME/run`, or a folder of this user's own in /tmp if that is too long a path for a socket; without sockets of dead workers. */
export const privateSocketFolder = (): string => {
  const folder = fits(statePath('run')) ? makePrivateFolder(statePath('run')) : shortFolder();
  for (const name of readdirSync(folder)) {
    const [, pid] = /^ask-(\d+)-[0-9a-f]+$/.exec(name) ?? [];
    if (pid && !isAlive(Number(pid))) rmSync(join(folder, name), { force: true });
  }
  return folder;
};

const fits = (folder: string): boolean => Buffer.byteLength(folder) + '/ask-4194304-12345678'.length <= longestPath;

const shortFolder = (): string => {
  const base = tmpdir().length > 40 ? '/tmp' : tmpdir();
  const hash = createHash('sha256').update(wandHome()).digest('hex').slice(0, 12);
  const short = makePrivateFolder(join(base, `wand-${process.getuid?.() ?? 0}-${hash}-ask`));
  const facts = lstatSync(short);
  // In a folder that all may write to, somebody else may have been first.
  if (!facts.isDirectory() || facts.uid !== process.getuid?.() || (facts.mode & 0o077) !== 0)
    throw new Error(`${short} is not a private folder of this user`);
  return short;
};
