import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../../src/home/process.ts';
import { homePrefix as prefix, removeHome } from './home.ts';
import { outsideNow, removeLeftovers } from './leftovers.ts';

/**
 * Vitest's globalSetup: all tests of a run have one WAND_HOME of their own, and share the embedded server that the first
 * testDatabase() starts in it. Nothing of it is left afterwards; what a killed run left goes at the next.
 */
export default async (): Promise<() => Promise<void>> => {
  // Best effort: another run may be at the same, or the home be another user's.
  for (const home of homesOfKilledRuns()) {
    await (home.includes('-tmp-') ? removeHomesIn(home) : removeHome(home)).catch(() => {});
  }
  const outside = outsideNow();
  const home = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  process.env.WAND_HOME = home;
  process.env.WAND_TEST_HOME = home;
  delete process.env.WAND_DATABASE_URL;
  // All temporary files of the tests go into one folder, which goes with them; the servers' user must be able to enter it.
  const temporary = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-tmp-`));
  chmodSync(temporary, 0o1777);
  process.env.TMPDIR = temporary;
  return async () => {
    await removeHome(home);
    await removeHomesIn(temporary);
    removeLeftovers(outside);
  };
};

/** A folder whose children may be WAND_HOMEs with servers. */
const removeHomesIn = async (folder: string): Promise<void> => {
  for (const name of readdirSync(folder)) await removeHome(join(folder, name)).catch(() => {});
  rmSync(folder, { recursive: true, force: true });
};

const homesOfKilledRuns = (): string[] =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length).split('-')[0])))
    .map((name) => join(tmpdir(), name));
