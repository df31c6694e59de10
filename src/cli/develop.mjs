// What the npm scripts of a clone do: install if the lock file changed, build if sources are newer, then run. Node 20 syntax,
// no dependencies: on a fresh clone nothing else is there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noNodeMessage, packageRoot, suitableNode } from './node-runtime.mjs';
import { runNode } from './run-node.mjs';

const [command = 'wand', ...args] = process.argv.slice(2);
const inRoot = (...parts) => join(packageRoot, ...parts);

const main = async () => {
  const installed = install();
  if (installed !== 0) return installed;
  const node = suitableNode();
  if (node === null) return fail(noNodeMessage());
  if (command === 'build' || needsBuild()) {
    const built = await runNode(node, [inRoot('src', 'cli', 'build.mjs')]);
    if (built !== 0 || command === 'build') return built;
  }
  const [program, ...programArgs] = programs[command] ?? [];
  if (!program) return fail(`wand: no such script: ${command}`);
  return runNode(node, [inRoot(...program.split('/')), ...programArgs, ...args], withNode(node));
};

const programs = {
  start: ['dist/main.js', 'start'],
  wand: ['dist/main.js'],
  test: ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'],
  fixtures: ['fixtures/generate.ts'],
  bench: ['test/bench/main.ts'],
  conformance: ['test/conformance/main.ts'],
  'test:crash': ['test/crash/main.ts'],
};

/** Installs when the lock file is not the one of the last install. Quiet unless it fails. */
const install = () => {
  const lock = createHash('sha256')
    .update(readFileSync(inRoot('package-lock.json')))
    .digest('hex');
  const stamp = inRoot('node_modules', '.wand-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return 0;
  console.error('wand: installing dependencies (once)');
  const npm = process.env.npm_execpath;
  const options = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync(npm ? process.execPath : 'npm', npm ? [npm, ...options] : options, {
    cwd: packageRoot,
    stdio: ['ignore', 2, 2],
  });
  if (error) return fail(`wand: npm could not be started: ${error.message}`);
  if (status === 0) writeFileSync(stamp, lock);
  return status ?? 1;
};

/** Any source newer than the bundle. */
const needsBuild = () => {
  const stamp = inRoot('dist', 'main.js');
  if (!existsSync(stamp)) return true;
  const built = statSync(stamp).mtimeMs;
  return ['src', 'components', 'package.json'].some((path) => newest(inRoot(path)) > built);
};

const newest = (path) => {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return readdirSync(path).reduce((latest, name) => {
    return name === '__pycache__' ? latest : Math.max(latest, newest(join(path, name)));
  }, 0);
};

/** Children find the same Node first on the PATH. */
const withNode = (node) => ({ ...process.env, PATH: `${join(node, '..')}:${process.env.PATH ?? ''}` });

const fail = (message) => {
  console.error(message);
  return 2;
};

process.exitCode = await main();
