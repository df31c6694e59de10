import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeHome } from './home.ts';

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
