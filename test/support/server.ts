import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopEmbeddedServer } from '../../src/postgres/embedded/stop.ts';

/**
 * Vitest's globalSetup: all tests of a run have one WAND_HOME of their own, and share the embedded server that the first
 * testDatabase() starts in it. Nothing of it is left afterwards.
 */
export default (): (() => Promise<void>) => {
  const home = mkdtempSync(join(tmpdir(), 'wand-test-'));
  process.env.WAND_HOME = home;
  process.env.WAND_TEST_HOME = home;
  delete process.env.WAND_DATABASE_URL;
  return () => removeHome(home);
};

/** Stops the server of a WAND_HOME and removes all it had, also what lies in /var/lib/wand for root. */
export const removeHome = async (home: string): Promise<void> => {
  await stopEmbeddedServer(home);
  const location = join(home, 'pg', 'location');
  if (existsSync(location)) rmSync(JSON.parse(readFileSync(location, 'utf8')).path, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
};
