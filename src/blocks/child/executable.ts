import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

/** The path of a program as a shell would find it (absolute, relative with a slash, or on PATH); null if there is none that may be run. */
export const findExecutable = (command: string, environment: Record<string, string | undefined>): string | null => {
  if (isAbsolute(command) || command.includes('/')) return isProgram(resolve(command)) ? resolve(command) : null;
  const folders = (environment.PATH ?? '/usr/local/bin:/usr/bin:/bin').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, command)).find(isProgram) ?? null;
};

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};
