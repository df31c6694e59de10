import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { statePath, wandHome } from './paths.ts';
import { makePrivateFolder } from './private-file.ts';
import { isAlive, startTicksOf } from './process.ts';

/** A socket's path must fit sockaddr_un (104 bytes on macOS). */
const longestPath = 100;
const longestName = '/ask-4194304-99999999999-12345678';

/** Of this process, to be removed at its end. */
const own = new Set<string>();

/**
 * A path for a new socket of this process, in a folder that only this user may enter: `$WAND_HOME/run`, or one in /tmp if that is too
 * long for a socket. Sockets of processes that were killed are removed, and this one at the end of this process.
 */
export const newSocketPath = (kind: 'ask' | 'py'): string => {
  const folder = socketFolder();
  removeLeftovers(folder);
  if (own.size === 0) process.once('exit', () => [...own].forEach(removeSocket));
  const name = `${kind}-${process.pid}-${startTicksOf(process.pid) ?? ''}-${randomBytes(4).toString('hex')}`;
  const path = join(folder, name);
  own.add(path);
  return path;
};

/** Removes a socket of this process, and the folder in /tmp with the last one in it. */
export const removeSocket = (path: string): void => {
  own.delete(path);
  rmSync(path, { force: true });
  if (dirname(path) !== shortSocketFolder()) return;
  try {
    rmdirSync(dirname(path));
  } catch {
    // Others have sockets there.
  }
};

/** The folder in /tmp for sockets of a WAND_HOME whose path is too long for them. */
const shortSocketFolder = (): string => {
  const base = tmpdir().length > 40 ? '/tmp' : tmpdir();
  const hash = createHash('sha256').update(wandHome()).digest('hex').slice(0, 12);
  return join(base, `wand-${process.getuid?.() ?? 0}-${hash}-run`);
};

const socketFolder = (): string => {
  const folder = statePath('run');
  if (Buffer.byteLength(folder) + longestName.length <= longestPath) return makePrivateFolder(folder);
  const short = makePrivateFolder(shortSocketFolder());
  const facts = lstatSync(short);
  // In a folder that all may write to, somebody else may have been first.
  if (!facts.isDirectory() || facts.uid !== process.getuid?.() || (facts.mode & 0o077) !== 0)
    throw new Error(`${short} is not a private folder of this user`);
  return short;
};

const removeLeftovers = (folder: string): void => {
  for (const name of readdirSync(folder)) {
    const [, pid, ticks] = /^(?:py|ask)-(\d+)-(\d*)-[0-9a-f]+$/.exec(name) ?? [];
    if (pid && !isAlive(Number(pid), ticks || null)) rmSync(join(folder, name), { force: true });
  }
};
