import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { WandError } from '../problem/wand-error.ts';

/** Variables of a `.env` file; none if there is no such file. Throws WandError `env-unreadable`. */
export const readEnvFile = (path: string): Record<string, string> => {
  try {
    // An editor on Windows may have begun the file with a byte order mark, which would become part of the first name.
    return { ...parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')) };
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return {};
    throw new WandError('env-unreadable', `The environment file cannot be read: ${(cause as Error).message}.`, {
      file: path,
      fix: 'Make it a file that this user may read.',
      cause,
    });
  }
};
