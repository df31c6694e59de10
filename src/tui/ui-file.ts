import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { statePath } from '../home/paths.ts';
import { writePrivateFile } from '../home/private-file.ts';

/** Where a workbench keeps what it wants to find again. Neither call throws: a broken or full disk is no obstacle. */
export type Memory = { read(): unknown; write(value: object): void };

const mostBytes = 1_000_000;

/** `$WAND_HOME/ui/<hash>.json`, one per instance, 0600. A file that is damaged counts as none. */
export const uiFile = (instancePath: string): Memory => memoryAt(statePath('ui', `${nameOf(instancePath)}.json`));

/** `$WAND_HOME/ui/<hash>.commands.json`, 0600: the command log of an instance. */
export const commandsFile = (instancePath: string): Memory =>
  memoryAt(statePath('ui', `${nameOf(instancePath)}.commands.json`));

const nameOf = (instancePath: string): string =>
  createHash('sha256').update(`${hostname()}\0${instancePath}`).digest('hex').slice(0, 16);

/** `$WAND_HOME/ui/typed.json`, 0600: queries and conditions that were typed, of all instances. */
export const typedFile = (): Memory => memoryAt(statePath('ui', 'typed.json'));

const memoryAt = (path: string): Memory => {
  return {
    read: () => {
      try {
        const text = readFileSync(path, 'utf8');
        return text.length > mostBytes ? null : JSON.parse(text);
      } catch {
        return null;
      }
    },
    write: (value) => {
      try {
        writePrivateFile(path, `${JSON.stringify(value)}\n`);
      } catch {
        // The next start begins anew; that is all.
      }
    },
  };
};
