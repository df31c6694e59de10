import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What every block can import without asking for it. pandas 2, since real projects and the recorded outcomes of Mage are written for it
 * (architecture.md 5); a project that names one of these packages itself gets its own version.
 */
export const baseRequirements = [
  'pandas>=2.2,<3',
  'pyarrow>=18',
  'psycopg[binary]>=3.1',
  'jinja2>=3',
  'pyyaml>=6',
  'requests',
  'openpyxl',
  'python-dateutil',
];

/** Modules without which a block cannot run at all. */
export const requiredModules = ['pandas', 'pyarrow', 'psycopg', 'jinja2', 'yaml'];

export type Requirements = {
  /** Names the environment: equal sets share one. */
  hash: string;
  /** Lines for an installer, ours without the packages that the project asks for itself. */
  base: string[];
  /** The project's requirements.txt, if it asks for anything. */
  file: string | null;
};

/** The base set and the project's requirements.txt; a missing file, or one with comments only, asks for nothing. */
export const projectRequirements = (projectPath: string): Requirements => {
  const file = join(projectPath, 'requirements.txt');
  const lines = requirementLines(readText(file));
  const asked = new Set(lines.map(packageName));
  const base = baseRequirements.filter((line) => !asked.has(packageName(line)));
  // `-r other.txt` and `./package` mean something only beside that very file.
  const beside = lines.some((line) => /^[-./]/.test(line)) ? projectPath : '';
  const hash = createHash('sha256')
    .update(JSON.stringify([baseRequirements, lines, beside]))
    .digest('hex')
    .slice(0, 16);
  return { hash, base, file: lines.length > 0 ? file : null };
};

const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
};

const requirementLines = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter(Boolean);

/** As PyPI compares names: case, dots and underscores do not matter. */
const packageName = (line: string): string =>
  (/^[A-Za-z0-9._-]+/.exec(line)?.[0] ?? line).toLowerCase().replace(/[-_.]+/g, '-');
