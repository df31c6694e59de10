import { chmodSync, mkdirSync, mkdtempSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { environmentFolder, findPython, readyMarker } from '../../../src/blocks/python/interpreter.ts';
import { baseRequirements, projectRequirements } from '../../../src/blocks/python/requirements.ts';
import { setupPython } from '../../../src/blocks/python/setup.ts';

let folder: string;
let project: string;
const home = process.env.WAND_HOME;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wand-interpreter-'));
  project = join(folder, 'project');
  mkdirSync(project);
  mkdirSync(join(folder, 'site'));
  process.env.WAND_HOME = join(folder, 'home');
});
afterEach(() => {
  process.env.WAND_HOME = home;
});

/** A program that answers a probe like a Python of that version with these modules missing. */
const fakePython = (path: string, { version = '3.12.1', missing = [] as string[] } = {}): string => {
  mkdirSync(dirname(path), { recursive: true });
  const answer = JSON.stringify({ version, missing, packages: {}, sitePackages: join(folder, 'site') });
  writeFileSync(path, `#!/bin/sh\necho x >> '${folder}/starts'\necho '${answer}'\n`);
  chmodSync(path, 0o755);
  return path;
};

const find = (environment: Record<string, string> = {}) =>
  findPython({ projectPath: project, environment: { PATH: join(folder, 'bin'), ...environment } });
const starts = () => statSync(join(folder, 'starts')).size / 2;

test('WAND_PYTHON comes first, then the environments of the project, that of wand, and the system', async () => {
  const system = fakePython(join(folder, 'bin', 'python3'));
  expect(await find()).toMatchObject({ command: system, origin: 'system' });
  const made = fakePython(join(environmentFolder(project), 'bin', 'python'));
  expect(await find()).toMatchObject({ command: system });
  writeFileSync(join(environmentFolder(project), readyMarker), '{}');
  expect(await find()).toMatchObject({ command: made, origin: 'wand' });
  const venv = fakePython(join(project, 'venv', 'bin', 'python'));
  expect(await find()).toMatchObject({ command: venv, origin: 'project' });
  const dotVenv = fakePython(join(project, '.venv', 'bin', 'python'));
  expect(await find()).toMatchObject({ command: dotVenv, origin: 'project' });
  const named = fakePython(join(folder, 'elsewhere', 'python'));
  expect(await find({ WAND_PYTHON: named })).toMatchObject({ command: named, origin: 'WAND_PYTHON' });
});

test('a Python without the needed modules is passed over, and the error says of each what it lacks', async () => {
  const venv = fakePython(join(project, '.venv', 'bin', 'python'), { missing: ['pyarrow'] });
  const system = fakePython(join(folder, 'bin', 'python3'), { version: '3.8.10' });
  await expect(find()).rejects.toMatchObject({
    code: 'python-missing',
    message: expect.stringMatching(new RegExp(`${venv} lacks pyarrow; ${system} is Python 3.8.10`)),
    fix: 'Run: wand python setup',
  });
});

test('a WAND_PYTHON that will not do is an error, not passed over', async () => {
  fakePython(join(folder, 'bin', 'python3'));
  await expect(find({ WAND_PYTHON: '/no/such/python' })).rejects.toThrow(
    /WAND_PYTHON: \/no\/such\/python does not start/,
  );
});

test('no Python at all is an error that says what to install', async () => {
  await expect(find()).rejects.toMatchObject({
    code: 'python-missing',
    fix: expect.stringContaining('Install Python 3.10'),
  });
  await expect(setupPython({ projectPath: project, environment: { PATH: join(folder, 'bin') } })).rejects.toMatchObject(
    {
      code: 'python-missing',
    },
  );
});

test('an answer is remembered, in a file of mode 0600, until the program or its packages change', async () => {
  const command = fakePython(join(folder, 'bin', 'python3'));
  await find();
  await find();
  expect(starts()).toBe(1);
  expect(statSync(join(folder, 'home', 'venvs', 'probe.json')).mode & 0o777).toBe(0o600);
  utimesSync(command, new Date(1), new Date(1));
  await find();
  expect(starts()).toBe(2);
  utimesSync(join(folder, 'site'), new Date(2), new Date(2));
  await find();
  expect(starts()).toBe(3);
});

test('a Python without ensurepip gives the name of the package that has it', async () => {
  const python = fakePython(join(folder, 'bin', 'python3'));
  writeFileSync(
    python,
    `#!/bin/sh\ncase "$1" in -I) echo '${JSON.stringify({ version: '3.12.1', missing: ['pandas'], packages: {}, sitePackages: '/' })}';; *) echo 'ensurepip is not available'; exit 1;; esac\n`,
  );
  await expect(setupPython({ projectPath: project, environment: { PATH: join(folder, 'bin') } })).rejects.toMatchObject(
    {
      code: 'python-venv-missing',
      fix: expect.stringContaining('python3-venv'),
    },
  );
});

test('a package index out of reach is told as that, with the way out', async () => {
  const python = fakePython(join(folder, 'bin', 'python3'));
  const probe = JSON.stringify({ version: '3.12.1', missing: ['pandas'], packages: {}, sitePackages: '/' });
  writeFileSync(
    python,
    `#!/bin/sh
case "$1 $2" in
  -I*) echo '${probe}';;
  "-m venv") /bin/mkdir -p "$3/bin" && /bin/cp "$0" "$3/bin/python";;
  *) echo 'WARNING: Retrying: Temporary failure in name resolution'; echo 'ERROR: No matching distribution found for uv'; exit 1;;
esac
`,
  );
  await expect(setupPython({ projectPath: project, environment: { PATH: join(folder, 'bin') } })).rejects.toMatchObject(
    {
      code: 'python-packages-unreachable',
      fix: expect.stringContaining('PIP_INDEX_URL'),
    },
  );
});

test('projects that ask for nothing share an environment; a package they name is theirs to choose', () => {
  const { hash, base } = projectRequirements(project);
  expect(base).toEqual(baseRequirements);
  writeFileSync(join(project, 'requirements.txt'), '# nothing yet\n\n');
  expect(projectRequirements(project)).toEqual({ hash, base, file: null });
  writeFileSync(join(project, 'requirements.txt'), 'Pandas==2.3.1  # pinned\nscikit_learn\n');
  const asked = projectRequirements(project);
  expect(asked.hash).not.toBe(hash);
  expect(asked.file).toBe(join(project, 'requirements.txt'));
  expect(asked.base).toEqual(baseRequirements.filter((line) => !line.startsWith('pandas')));
});
