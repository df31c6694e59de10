import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '../../home/private-file.ts';
import { WandError } from '../../problem/wand-error.ts';

/** What `$WAND_HOME/pg/server.json` (0600) says of the cluster. */
export type ServerFile = {
  user: string;
  password: string;
  /** 0 before the first start. */
  port: number;
  socketFolder: string;
  dataFolder: string;
  binFolder: string;
  /** Such as `15.14`. */
  version: string;
};

/** Null if there is none. Throws WandError `home-unreadable` if it belongs to another user or is damaged. */
export const readServerFile = (folder: string): ServerFile | null => {
  const file = join(folder, 'server.json');
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ServerFile;
  } catch (cause) {
    throw new WandError('home-unreadable', `${file} cannot be read: ${(cause as Error).message}.`, {
      fix: 'Run wand as the user who owns that folder, or set WAND_HOME to another one.',
      cause,
      exitCode: 3,
    });
  }
};

export const writeServerFile = (folder: string, server: ServerFile): void =>
  writePrivateFile(join(folder, 'server.json'), `${JSON.stringify(server, null, 2)}\n`);
