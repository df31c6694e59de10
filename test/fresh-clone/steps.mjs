// What a newcomer does with a fresh clone, and what must come of it. Each step answers figures worth printing.
import { chownSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { run } from './machine.mjs';

/** Rows of the bundled sample after cleaning. */
const cleanRows = '9,805';
const nowhere = 'http://127.0.0.1:9';
/** Nothing of the network can be reached. */
const offline = {
  npm_config_offline: 'true',
  npm_config_registry: nowhere,
  http_proxy: nowhere,
  https_proxy: nowhere,
  no_proxy: '127.0.0.1,localhost',
  PIP_INDEX_URL: `${nowhere}/simple`,
  UV_OFFLINE: '1',
};

export const steps = (options) => [
  { title: 'npm start </dev/null | cat on a fresh clone', act: firstStart },
  { title: 'npm start </dev/null again, offline', act: secondStart },
  { title: 'npm run --silent wand -- ls --json prints JSON alone', act: pureJson },
  { title: 'wand run taxi/yellow_taxi --json, then wand preview', act: runAndPreview, mayLeave: true },
  { title: 'wand db stop leaves nothing', act: stopAll },
  { title: 'wand runs with the server stopped leaves none running', act: lookOnly },
  { title: 'npm start on a terminal', act: startOnTerminal },
  { title: 'npm start without Python', act: withoutPython },
  { title: 'npm start without PyPI', act: withoutPackages },
  { title: 'an install with NODE_ENV=production', act: production },
  { title: 'npm install -g . into a prefix', act: globalInstall },
  { title: 'npm pack, and the tarball without the sources', act: packed },
  ...(options.includes('--quick') ? [] : [{ title: 'npm test', act: tests }]),
];

const firstStart = async (machine, expect) => {
  const result = await run(machine, 'npm start </dev/null | cat');
  expectPreview(result, expect);
  for (const name of ['yellow_taxi', 'api_to_postgres'])
    expect(new RegExp(`taxi/${name}`).test(result.stderr), `no progress of ${name}`);
  return `${result.seconds.toFixed(1)} s`;
};

const secondStart = async (machine, expect) => {
  const result = await run(machine, 'npm start </dev/null', { environment: offline });
  expect(result.code === 0, `exit ${result.code}`);
  expectPreview(result, expect);
};

const expectPreview = ({ code, stdout, stderr }, expect) => {
  expect(code === 0, `exit ${code}\n${tail(stderr)}`);
  expect(stdout.includes('ny_taxi.yellow_cab_data'), `no preview of the table\n${tail(stdout)}`);
  expect(stdout.includes(`of ${cleanRows} rows`), `not ${cleanRows} rows\n${tail(stdout)}`);
  const completed = stderr.match(/^run \d+ of \w+ completed/gm) ?? [];
  expect(completed.length === 2, `${completed.length} completed runs instead of 2\n${tail(stderr)}`);
};

const pureJson = async (machine, expect) => {
  const result = await run(machine, 'npm run --silent wand -- ls --json');
  expect(result.code === 0, `exit ${result.code}\n${tail(result.stderr)}`);
  const { projects } = JSON.parse(result.stdout);
  expect(
    projects.some(({ uuid }) => uuid === 'taxi'),
    'no project taxi',
  );
  return `${result.seconds.toFixed(2)} s`;
};

const runAndPreview = async (machine, expect) => {
  const ran = await run(machine, 'npm run --silent wand -- run taxi/yellow_taxi --json');
  expect(ran.code === 0, `exit ${ran.code}\n${tail(ran.stderr)}`);
  expect(JSON.parse(ran.stdout).run.status === 'completed', 'not completed');
  const shown = await run(
    machine,
    'npm run --silent wand -- preview ny_taxi.yellow_cab_data --limit 3 --json -C projects/taxi',
  );
  expect(shown.code === 0, `preview: exit ${shown.code}\n${tail(shown.stderr)}`);
  expect(JSON.parse(shown.stdout).row_count === 9805, `preview: ${shown.stdout.slice(-200)}`);
  return `run ${ran.seconds.toFixed(1)} s, preview ${shown.seconds.toFixed(1)} s`;
};

const stopAll = async (machine, expect) => {
  const worker = await run(machine, 'npm run --silent wand -- worker --stop');
  expect(worker.code === 0, `worker --stop: exit ${worker.code}\n${tail(worker.stderr)}`);
  const server = await run(machine, 'npm run --silent wand -- db stop');
  expect(server.code === 0, `db stop: exit ${server.code}\n${tail(server.stderr)}`);
};

const startOnTerminal = async (machine, expect) => {
  const environment = { WAND_HOME: wandHome(machine, 'wand-home 5') };
  const result = await run(machine, 'node test/fresh-clone/on-terminal.mjs', { environment });
  expect(result.code === 0, `exit ${result.code}\n${tail(result.stderr, 45)}`);
  const wand = (args) => run(machine, `npm run --silent wand -- ${args}`, { environment });
  // The pipeline in Python follows, with the workbench closed.
  let runs = [];
  for (let tries = 0; tries < 60 && runs.filter(({ status }) => status === 'completed').length < 2; tries += 1) {
    await pause(1000);
    runs = JSON.parse((await wand('runs --json')).stdout || '{"runs":[]}').runs;
  }
  expect(
    runs.length === 2 && runs.every(({ status }) => status === 'completed'),
    `runs afterwards: ${runs.map(({ pipeline, status }) => `${pipeline} ${status}`).join(', ')}`,
  );
  for (const verb of ['worker --stop', 'db stop']) await wand(verb);
  if (result.code !== 0) return;
  const { opened, done, alternate, exit, restored, last } = JSON.parse(result.stdout);
  expect(alternate && restored, 'the alternate screen was not entered or not left');
  expect(exit === 0, `npm start: exit ${exit}`);
  expect(/run \d+: completed/.test(last), `no summary at the end\n${last}`);
  return `workbench after ${(opened / 1000).toFixed(1)} s, yellow_taxi done after ${(done / 1000).toFixed(1)} s`;
};

const lookOnly = async (machine, expect) => {
  const listed = await run(machine, 'npm run --silent wand -- runs --json');
  expect(listed.code === 0, `runs: exit ${listed.code}\n${tail(listed.stderr)}`);
  const { runs } = JSON.parse(listed.stdout);
  expect(runs.length === 5, `${runs.length} runs instead of 5`);
};

/** The taxi pipeline in TypeScript and SQL runs all the same, and one line says why the other did not. */
const expectOnlyTaxi = ({ code, stdout, stderr }, expect) => {
  expect(code === 1, `exit ${code} instead of 1\n${tail(stderr)}`);
  expect(stdout.includes(`of ${cleanRows} rows`), `not ${cleanRows} rows\n${tail(stdout)}`);
  const why = stderr.split('\n').filter((line) => line.includes('api_to_postgres was not run'));
  expect(why.length === 1, `${why.length} lines say why api_to_postgres was not run\n${tail(stderr)}`);
  return why[0];
};

const withoutPython = async (machine, expect) => {
  const environment = { PATH: machine['bin-without-python'], WAND_HOME: wandHome(machine, 'wand-home 1') };
  return expectOnlyTaxi(await run(machine, 'npm start </dev/null', { environment }), expect);
};

const withoutPackages = async (machine, expect) => {
  const environment = {
    ...offline,
    PIP_FIND_LINKS: '',
    PIP_NO_CACHE_DIR: '1',
    WAND_HOME: wandHome(machine, 'wand-home 2'),
  };
  return expectOnlyTaxi(await run(machine, 'npm start </dev/null', { environment }), expect);
};

const production = async (machine, expect) => {
  rmSync(join(machine.clone, 'node_modules'), { recursive: true });
  rmSync(join(machine.clone, 'dist'), { recursive: true });
  const result = await run(machine, 'npm run --silent wand -- ls --json', { environment: { NODE_ENV: 'production' } });
  expect(result.code === 0, `exit ${result.code}\n${tail(result.stderr)}`);
  JSON.parse(result.stdout);
};

const globalInstall = async (machine, expect) => {
  const prefix = folderOf(machine, 'prefix');
  const installed = await run(machine, `npm install -g --prefix '${prefix}' .`);
  expect(installed.code === 0, `npm install -g: exit ${installed.code}\n${tail(installed.stderr)}`);
  await expectWandRuns(machine, join(prefix, 'bin', 'wand'), 'wand-home 3', expect);
};

const packed = async (machine, expect) => {
  const folder = folderOf(machine, 'tarball');
  const made = await run(machine, `npm pack --silent --pack-destination '${folder}'`);
  const [name] = readdirSync(folder);
  expect(made.code === 0 && name !== undefined, `npm pack: exit ${made.code}\n${tail(made.stderr)}`);
  const elsewhere = folderOf(machine, 'else where');
  const installed = await run(machine, `npm install --omit=dev --no-audit --no-fund '${join(folder, name)}'`, {
    directory: elsewhere,
  });
  expect(installed.code === 0, `npm install of the tarball: exit ${installed.code}\n${tail(installed.stderr)}`);
  await expectWandRuns(machine, join(elsewhere, 'node_modules', '.bin', 'wand'), 'wand-home 4', expect);
  return `${(statSync(join(folder, name)).size / 1e6).toFixed(1)} MB`;
};

/** An installed wand, called from a folder that is no instance, with all of its verbs' needs: server, worker, blocks. */
const expectWandRuns = async (machine, wand, home, expect) => {
  const environment = { WAND_HOME: wandHome(machine, home) };
  const call = (args) => run(machine, `'${wand}' ${args}`, { environment, directory: machine.home });
  const projects = `'${join(machine.clone, 'projects').replaceAll("'", "'\\''")}'`;
  const listed = await call(`ls -C ${projects}`);
  expect(
    listed.code === 0 && listed.stdout.includes('yellow_taxi'),
    `wand ls: exit ${listed.code}\n${tail(listed.stderr)}`,
  );
  const ran = await call(`run taxi/yellow_taxi -C ${projects}`);
  expect(ran.code === 0, `wand run: exit ${ran.code}\n${tail(ran.stderr)}`);
  await call('worker --stop');
  await call('db stop');
};

const tests = async (machine, expect) => {
  const result = await run(machine, 'npm test', { seconds: 1800 });
  const failures = plain(result.stderr)
    .split('\n')
    .filter((line) => /^\s*(FAIL |\w*Error: )/.test(line));
  expect(result.code === 0, `exit ${result.code}\n${failures.join('\n')}\n${tail(plain(result.stderr), 40)}`);
  return plain(result.stdout)
    .split('\n')
    .filter((line) => /^\s*(Test Files|Tests) /.test(line))
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .join(', ');
};

const plain = (text) => text.replace(/\u001b\[[\d;]*m/g, '');

const folderOf = (machine, name) => {
  const path = join(machine.base, name);
  machine.known = [...(machine.known ?? []), name];
  if (!existsSync(path)) mkdirSync(path);
  if (machine.account) chownSync(path, machine.account.uid, machine.account.gid);
  return path;
};

const wandHome = folderOf;

const tail = (text, lines = 15) => text.trim().split('\n').slice(-lines).join('\n');
