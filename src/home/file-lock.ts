import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { WandError } from '../problem/wand-error.ts';
import { makePrivateFolder } from './private-file.ts';
import { isAlive, startTicksOf } from './process.ts';

const patienceMs = 120_000;

/**
 * Runs `work` while no other process or call of this machine holds the lock at `path` (a folder, made if missing).
 * A holder that was killed is no obstacle. Throws WandError `lock-held` after two minutes of waiting.
 *
 * Each contender puts down a claim, a file whose name says which process it is, and holds the lock if it then sees no other
 * living claim. Of two contenders at least the later reader sees the other, so there are never two holders; a claim's name
 * is never used again, so whoever finds a dead one may remove it. (Taking over one shared lock file has no such safe step.)
 */
export const withFileLock = async <Result>(path: string, work: () => Promise<Result>): Promise<Result> => {
  const claim = await claimLock(makePrivateFolder(path));
  try {
    return await work();
  } finally {
    rmSync(claim, { force: true });
  }
};

const claimLock = async (folder: string): Promise<string> => {
  const name = `${process.pid}-${startTicksOf(process.pid) ?? ''}-${randomBytes(6).toString('hex')}`;
  const deadline = Date.now() + patienceMs;
  for (;;) {
    // Looking first keeps the waiting from disturbing each other while one works.
    if (livingClaims(folder, name).length === 0) {
      writeFileSync(join(folder, name), '', { mode: 0o600, flag: 'wx' });
      if (livingClaims(folder, name).length === 0) return join(folder, name);
      rmSync(join(folder, name), { force: true });
    }
    if (Date.now() > deadline) throw lockHeld(folder, name);
    await pause(5 + Math.random() * 20);
  }
};

/** Claims of others whose process lives; those of the dead are removed on the way. */
const livingClaims = (folder: string, own: string): string[] =>
  readdirSync(folder).filter((name) => {
    if (name === own) return false;
    const [pid = '', ticks = ''] = name.split('-');
    if (isAlive(Number(pid), ticks || null)) return true;
    rmSync(join(folder, name), { force: true });
    return false;
  });

const lockHeld = (folder: string, own: string): WandError => {
  const pids = livingClaims(folder, own).map((name) => name.split('-')[0]);
  return new WandError('lock-held', `Process ${pids.join(', ')} has held the lock ${folder} for two minutes.`, {
    fix: 'Wait for it to end, or end it, and try again.',
    exitCode: 3,
  });
};
