import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** wand's own folder: `$WAND_HOME`, else `~/.local/share/wand`. Absolute. */
export const wandHome = (environment: NodeJS.ProcessEnv = process.env): string =>
  resolve(environment.WAND_HOME || join(environment.HOME || homedir(), '.local', 'share', 'wand'));

/** The folders of wand's state (decisions.md 3); there are no others. */
export const statePath = (
  folder: 'pg' | 'run' | 'outputs' | 'logs' | 'code' | 'venvs' | 'ui',
  ...below: string[]
): string => join(wandHome(), folder, ...below);
