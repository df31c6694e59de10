import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

export type ModuleFormat = 'module' | 'commonjs' | 'json';

const byExtension: Record<string, ModuleFormat> = { '.mjs': 'module', '.cjs': 'commonjs', '.json': 'json' };

/**
 * How Node is to read a file of JavaScript or JSON that is kept in a run's snapshot; null for any other. A `.js` file is what `known` says (Node
 * found it in its own place), else what the nearest package.json says, else a module if it imports or exports.
 */
export const formatOf = (path: string, known: string | null | undefined): ModuleFormat | null => {
  const extension = extname(path);
  if (extension !== '.js') return byExtension[extension] ?? null;
  if (known === 'module' || known === 'commonjs') return known;
  const { type } = nearestPackage(dirname(path));
  if (type === 'module' || type === 'commonjs') return type;
  return /^\s*(import\b|export\b)/m.test(readFileSync(path, 'utf8')) ? 'module' : 'commonjs';
};

const nearestPackage = (folder: string): { type?: unknown } => {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, 'package.json');
    if (existsSync(file)) return read(file);
    if (dirname(at) === at) return {};
  }
};

const read = (file: string): { type?: unknown } => {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { type?: unknown } | null) ?? {};
  } catch {
    return {};
  }
};
