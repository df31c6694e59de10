import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stopEmbeddedServer } from '../../src/postgres/embedded/stop.ts';

/** What the folders of tests begin with; the pid behind it says whose they are. */
export const homePrefix = 'wand-test-';

/** A WAND_HOME for one test, with blanks and a quote in its path. */
export const makeHome = (): string => mkdtempSync(join(tmpdir(), `${homePrefix}${process.pid}-it's a home `));

/** A WAND_HOME whose own folder has room for sockets, however long TMPDIR is; the test removes it. */
export const shortHome = (): string => mkdtempSync(`/tmp/${homePrefix}${process.pid}-`);

/** Stops the server of a WAND_HOME and removes all it had, also what lies in /var/lib/wand for root. */
export const removeHome = async (home: string): Promise<void> => {
  await stopEmbeddedServer(home);
  const location = join(home, 'pg', 'location');
  if (existsSync(location)) rmSync(JSON.parse(readFileSync(location, 'utf8')).path, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
};

/** Runs a script of ours in a process of its own, with `ensure` and the like imported; answers what it printed as JSON. */
export const inProcess = async <Result>(
  home: string,
  script: string,
  { as = [], environment = {} }: { as?: string[]; environment?: Record<string, string> } = {},
): Promise<Result> => {
  const modules = ['ensure', 'stop', 'status', 'database'].map(
    (name) =>
      `import * as ${name} from ${JSON.stringify(resolve(import.meta.dirname, `../../src/postgres/embedded/${name}.ts`))};`,
  );
  const [command, ...args] = [...as, process.execPath, '--input-type=module', '-e', `${modules.join('\n')}\n${script}`];
  const child = spawn(command!, args, {
    env: { ...process.env, ...environment, WAND_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the script ended with ${code}: ${errors}`);
  return JSON.parse(output) as Result;
};
