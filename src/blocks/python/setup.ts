import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withFileLock } from '../../home/file-lock.ts';
import { makePrivateFolder, writePrivateFile } from '../../home/private-file.ts';
import { WandError } from '../../problem/wand-error.ts';
import { findExecutable } from '../child/executable.ts';
import { installPackages } from './install-packages.ts';
import {
  environmentFolder,
  findPython,
  type Interpreter,
  isOldPython,
  oldestPython,
  pythonIn,
  readyMarker,
} from './interpreter.ts';
import { probePython } from './probe.ts';
import { projectRequirements } from './requirements.ts';
import { runTool } from './run-tool.ts';

export type SetupOptions = {
  projectPath: string;
  /** Progress, a line at a time. */
  log?: (line: string) => void;
  environment?: Record<string, string | undefined>;
};

/**
 * Makes the virtual environment for a project (the base set and its requirements.txt) under `$WAND_HOME/venvs`, or answers the one that is
 * there. Half-made ones are made anew, and two setups at once wait for each other. Throws WandErrors that name the way out.
 */
export const setupPython = async (options: SetupOptions): Promise<Interpreter> => {
  const folder = environmentFolder(options.projectPath);
  const ready = await readyInterpreter(folder);
  if (ready) return ready;
  return withFileLock(
    `${folder}.lock`,
    // Another setup may have made it while this one waited.
    async () => (await readyInterpreter(folder)) ?? makeEnvironment(folder, options),
  );
};

/**
 * The Python that runs a project's blocks, as `findPython` answers it, made first if there is none. A system Python that would do is passed over
 * if the project asks for packages of its own. Throws what `setupPython` throws, and WandError `python-missing` for a WAND_PYTHON that will not do.
 */
export const ensurePython = async (options: SetupOptions): Promise<Interpreter> => {
  const { projectPath, environment = process.env } = options;
  try {
    const found = await findPython({ projectPath, environment });
    if (found.origin !== 'system' || projectRequirements(projectPath).file === null) return found;
  } catch (error) {
    if (environment.WAND_PYTHON) throw error;
  }
  return setupPython(options);
};

const makeEnvironment = async (
  folder: string,
  { projectPath, log = () => undefined, environment = process.env }: SetupOptions,
): Promise<Interpreter> => {
  const started = Date.now();
  const base = await basePython(environment);
  const requirements = projectRequirements(projectPath);
  rmSync(folder, { recursive: true, force: true });
  makePrivateFolder(dirname(folder));
  log(`making a Python environment with ${base.command} (${base.version})`);
  await createVenv(base.command, folder, environment);
  await installPackages({ folder, requirements, environment, log });
  writePrivateFile(join(folder, readyMarker), `${JSON.stringify({ base: requirements.base, python: base.version })}\n`);
  const made = await readyInterpreter(folder);
  if (!made) throw new WandError('python-setup-failed', `${folder} was made, but its Python does not run blocks.`);
  log(`Python ${made.version} is ready, ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return made;
};

const readyInterpreter = async (folder: string): Promise<Interpreter | null> => {
  if (!existsSync(join(folder, readyMarker))) return null;
  const command = pythonIn(folder);
  const probe = await probePython(command);
  return probe && probe.missing.length === 0 ? { ...probe, command, origin: 'wand' } : null;
};

/** Newest first among those of the PATH that are new enough; `python3` itself wins if it is. */
const basePython = async (
  environment: SetupOptions['environment'] & object,
): Promise<{ command: string; version: string }> => {
  const names = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
  const seen: string[] = [];
  for (const name of names) {
    const command = findExecutable(name, environment);
    const probe = command ? await probePython(command) : null;
    if (!command || !probe) continue;
    if (!isOldPython(probe.version)) return { command, version: probe.version };
    seen.push(`${command} is ${probe.version}`);
  }
  throw new WandError(
    'python-missing',
    seen.length > 0
      ? `No Python from ${oldestPython.join('.')} on: ${seen.join(', ')}`
      : 'No Python found (python3 on the PATH).',
    { fix: `Install Python ${oldestPython.join('.')} or newer, with its venv module.` },
  );
};

const createVenv = async (
  python: string,
  folder: string,
  environment: Record<string, string | undefined>,
): Promise<void> => {
  const uv = findExecutable('uv', environment);
  const made = uv
    ? await runTool(uv, ['venv', '--quiet', '--seed', '--python', python, folder], { environment })
    : await runTool(python, ['-m', 'venv', folder], { environment });
  if (made.code === 0) return;
  rmSync(folder, { recursive: true, force: true });
  const text = made.output;
  if (/ensurepip|No module named venv/.test(text)) {
    throw new WandError(
      'python-venv-missing',
      `${python} cannot make virtual environments: its venv or ensurepip module is missing.`,
      {
        fix: `Install it (on Debian and Ubuntu: apt install ${venvPackage()}), then run: wand python setup`,
      },
    );
  }
  throw new WandError('python-setup-failed', `${python} could not make the environment ${folder}: ${lastLine(text)}`);
};

const venvPackage = (): string => {
  try {
    return /debian|ubuntu/i.test(readFileSync('/etc/os-release', 'utf8')) ? 'python3-venv' : 'python3-venv or its like';
  } catch {
    return 'python3-venv';
  }
};

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
