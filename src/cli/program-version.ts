import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../home/package-root.ts';

/** Version of this wand, from its package.json. */
export const programVersion = (): string =>
  (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;
