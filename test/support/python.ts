import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Interpreter } from '../../src/blocks/python/interpreter.ts';
import { setupPython } from '../../src/blocks/python/setup.ts';
import { messageOf } from '../../src/problem/wand-error.ts';

export type TestPython = { interpreter: Interpreter; skip: null } | { interpreter: null; skip: string };

let made: Promise<TestPython> | undefined;

/**
 * The Python for tests: an environment with wand's base set, made from PyPI once per run of the tests in their WAND_HOME.
 * Where it cannot be made, `skip` says why: a test names that in its title.
 */
export const testInterpreter = (): Promise<TestPython> => {
  made ??= makeInterpreter();
  return made;
};

const makeInterpreter = async (): Promise<TestPython> => {
  const home = process.env.WAND_TEST_HOME;
  if (!home) throw new Error('test/support/server.ts is not the globalSetup of this run');
  const own = process.env.WAND_HOME;
  process.env.WAND_HOME = home;
  try {
    return { interpreter: await setupPython({ projectPath: mkdtempSync(join(tmpdir(), 'wand-python-')) }), skip: null };
  } catch (error) {
    console.warn(`Python tests are skipped: ${messageOf(error)}`);
    return { interpreter: null, skip: messageOf(error) };
  } finally {
    process.env.WAND_HOME = own;
  }
};
