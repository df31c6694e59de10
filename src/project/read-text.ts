import { readFileSync, statSync } from 'node:fs';
import { WandError } from '../problem/wand-error.ts';

/** Project files are written by hand; anything larger is not one, and would only fill memory. */
const largestFile = 32 * 1024 * 1024;

/** Text of a project file. Throws a WandError that says in plain words what is in the way: missing, a folder, no right to read, not UTF-8. */
export const readProjectFile = (path: string): string => {
  try {
    const { size } = statSync(path);
    if (size > largestFile)
      throw new WandError('file-too-large', `too large to be a project file: ${size} bytes`, { file: path });
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof WandError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw new WandError('not-utf8', 'not UTF-8 text', { file: path, fix: 'Save the file as UTF-8.' });
    }
    const reason = reasons[code ?? ''];
    throw new WandError('file-unreadable', reason?.[0] ?? message, { file: path, fix: reason?.[1], cause: error });
  }
};

const reasons: Record<string, [message: string, fix: string]> = {
  ENOENT: ['the file does not exist', 'Create it, or correct the path.'],
  ENOTDIR: ['part of the path is a file, not a folder', 'Correct the path.'],
  EISDIR: ['is a folder where a file is expected', 'Move the folder away.'],
  EACCES: ['no right to read the file', 'Give yourself read access to it (chmod u+r).'],
  EPERM: ['no right to read the file', 'Give yourself read access to it.'],
  ELOOP: ['its symbolic links run in a circle', 'Replace the link by a file.'],
};
