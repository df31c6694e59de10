import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let found: string | undefined;

/** The folder of wand's own package.json, whether this code runs from `src/` or from the bundle in `dist/`. */
export const packageRoot = (): string => {
  found ??= nearestPackage(dirname(fileURLToPath(import.meta.url)));
  return found;
};

const nearestPackage = (folder: string): string => {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('wand: package.json not found above the program');
  return nearestPackage(parent);
};
