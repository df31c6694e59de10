import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

let made = 0;

/** A new path for an intermediate file of this attempt; gone when the block ends. */
export const workFile = (workFolder: string, ending: string): string => {
  mkdirSync(workFolder, { recursive: true, mode: 0o700 });
  made += 1;
  return join(workFolder, `${made}.${ending}`);
};

export const removeWorkFolder = (workFolder: string): void => rmSync(workFolder, { recursive: true, force: true });
