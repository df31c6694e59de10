import { readdirSync, readFileSync } from 'node:fs';

export type Process = { pid: number; parent: number; command: string };

/** Living processes (no zombies) whose environment names this WAND_HOME: all that was started in these surroundings. Linux only. */
export const processesOf = (home: string): Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [state, parent] = readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ');
        const environment = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
        if (state === 'Z' || !environment.includes(`WAND_HOME=${home}`)) return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        // It ended while we looked.
        return [];
      }
    });

/** The children of block code. */
export const blockChildren = (home: string): Process[] =>
  processesOf(home).filter(({ command }) => /typescript-child|wand_blocks/.test(command));
