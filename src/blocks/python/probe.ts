import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { statePath } from '../../home/paths.ts';
import { writePrivateFile } from '../../home/private-file.ts';
import { requiredModules } from './requirements.ts';

/** What one Python is and lacks. */
export type Probe = {
  version: string;
  /** Required modules it cannot import. */
  missing: string[];
  packages: Record<string, string>;
};

type Entry = Probe & { executableTime: number; sitePackages: string; sitePackagesTime: number };

const script = `
import importlib.util, importlib.metadata, json, sys, sysconfig
names = sys.argv[1:]
packages = {}
for name in ('pandas', 'pyarrow', 'psycopg', 'numpy', 'polars', 'jinja2', 'PyYAML'):
    try: packages[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError: pass
print(json.dumps({'version': '.'.join(map(str, sys.version_info[:3])), 'missing': [n for n in names if importlib.util.find_spec(n) is None],
                  'packages': packages, 'sitePackages': sysconfig.get_path('purelib')}))
`;

const cacheFile = (): string => statePath('venvs', 'probe.json');

/**
 * Asks a Python for its version and packages; null if it does not start. Remembered until its file or its site-packages folder changes, since
 * a start costs 20 to 80 ms and one through pyenv's shims more.
 */
export const probePython = async (executable: string): Promise<Probe | null> => {
  const known = readCache()[executable];
  if (known && isFresh(executable, known)) return known;
  const entry = await askPython(executable);
  if (entry) writePrivateFile(cacheFile(), `${JSON.stringify({ ...readCache(), [executable]: entry }, null, 1)}\n`);
  return entry;
};

const askPython = async (executable: string): Promise<Entry | null> => {
  try {
    // -I: what a module on PYTHONPATH or in the working directory is called must not change the answer.
    const { stdout } = await promisify(execFile)(executable, ['-I', '-c', script, ...requiredModules], {
      timeout: 30_000,
    });
    const answer = JSON.parse(stdout) as Probe & { sitePackages: string };
    return { ...answer, executableTime: timeOf(executable), sitePackagesTime: timeOf(answer.sitePackages) };
  } catch {
    return null;
  }
};

const isFresh = (executable: string, entry: Entry): boolean =>
  entry.executableTime === timeOf(executable) && entry.sitePackagesTime === timeOf(entry.sitePackages);

const timeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const readCache = (): Record<string, Entry> => {
  try {
    return JSON.parse(readFileSync(cacheFile(), 'utf8')) as Record<string, Entry>;
  } catch {
    return {};
  }
};
