import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The course's first step: `.env` (0600) made from `dev.env` beside it. An existing `.env` is never touched, and there may be two callers.
 * Answers null where there is neither.
 */
export const ensureEnvFile = (folder: string): { path: string; created: boolean } | null => {
  const path = join(folder, '.env');
  const template = join(folder, 'dev.env');
  if (existsSync(path)) return { path, created: false };
  if (!existsSync(template)) return null;
  try {
    writeFileSync(path, readFileSync(template), { mode: 0o600, flag: 'wx' });
    chmodSync(path, 0o600);
    return { path, created: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return { path, created: false };
    throw error;
  }
};
