import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { statePath } from '../../home/paths.ts';
import { WandError } from '../../problem/wand-error.ts';
import { findExecutable } from '../child/executable.ts';
import { type Probe, probePython } from './probe.ts';
import { projectRequirements } from './requirements.ts';

export type Interpreter = Probe & {
  /** Absolute path. */
  command: string;
  origin: 'WAND_PYTHON' | 'project' | 'wand' | 'system';
};

type Candidate = { command: string; origin: Interpreter['origin'] };

/** Block code and ours use syntax and libraries of this version on. */
export const oldestPython = [3, 10] as const;

/** Written last by `setupPython`: a folder without it is half made. */
export const readyMarker = 'wand-ready.json';

/** The folder of the environment that `wand python setup` makes for a project. */
export const environmentFolder = (projectPath: string): string =>
  statePath('venvs', projectRequirements(projectPath).hash);

/**
 * The Python that runs a project's blocks: WAND_PYTHON; the project's own `.venv` or `venv`; the environment made by `wand python setup`; the
 * system's python3 if it has all that is needed. Throws WandError `python-missing` that says of each candidate what it lacks.
 */
export const findPython = async ({
  projectPath,
  environment,
}: {
  projectPath: string;
  environment: Record<string, string | undefined>;
}): Promise<Interpreter> => {
  const reasons: string[] = [];
  for (const candidate of candidates(projectPath, environment)) {
    const probe = await probePython(candidate.command);
    const reason = whyNot(probe);
    if (probe && !reason) return { ...probe, ...candidate };
    reasons.push(`${candidate.command} ${reason}`);
    // A Python that somebody named is used or complained about, never passed over.
    if (candidate.origin === 'WAND_PYTHON') throw missing(`WAND_PYTHON: ${reasons[0]}`, namedFix);
  }
  throw missing(
    reasons.length > 0 ? `No Python for blocks yet: ${reasons.join('; ')}` : 'No Python found (python3 on the PATH)',
    reasons.length > 0
      ? 'Run: wand python setup'
      : `Install Python ${oldestPython.join('.')} or newer, then run: wand python setup`,
  );
};

const candidates = (projectPath: string, environment: Record<string, string | undefined>): Candidate[] => {
  const named = environment.WAND_PYTHON;
  if (named) return [{ command: findExecutable(named, environment) ?? named, origin: 'WAND_PYTHON' }];
  const made = environmentFolder(projectPath);
  const system = findExecutable('python3', environment);
  const inFolders: Candidate[] = [
    { command: pythonIn(join(projectPath, '.venv')), origin: 'project' },
    { command: pythonIn(join(projectPath, 'venv')), origin: 'project' },
    ...(existsSync(join(made, readyMarker)) ? [{ command: pythonIn(made), origin: 'wand' as const }] : []),
  ];
  return [
    ...inFolders.filter(({ command }) => existsSync(command)),
    ...(system ? [{ command: system, origin: 'system' as const }] : []),
  ];
};

/** The program of a virtual environment. */
export const pythonIn = (folder: string): string => join(folder, 'bin', 'python');

export const isOldPython = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < oldestPython[0] || (major === oldestPython[0] && minor < oldestPython[1]);
};

const whyNot = (probe: Probe | null): string | null => {
  if (!probe) return 'does not start';
  if (isOldPython(probe.version)) return `is Python ${probe.version}, older than ${oldestPython.join('.')}`;
  return probe.missing.length > 0 ? `lacks ${probe.missing.join(', ')}` : null;
};

const namedFix = 'Install what it lacks into it, or unset WAND_PYTHON and run: wand python setup';

const missing = (message: string, fix: string): WandError => new WandError('python-missing', message, { fix });
