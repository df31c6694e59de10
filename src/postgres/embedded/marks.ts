import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '../../home/private-file.ts';

/** Makes stopIfUnused leave the server alone, until stopEmbeddedServer. */
export const keepServer = (home: string): void => writePrivateFile(keepMark(home), 'wand db start --keep\n');

export const isKept = (home: string): boolean => existsSync(keepMark(home));

export const forgetKeep = (home: string): void => rmSync(keepMark(home), { force: true });

/**
 * Runs `stop` under a mark that sends whoever looks for a running server to the lock. Without it they would take the server for
 * running until it has noticed its signal. A mark left by a killed process only costs them that way.
 */
export const aboutToStop = async <Result>(home: string, stop: () => Promise<Result>): Promise<Result> => {
  writePrivateFile(stopMark(home), '');
  try {
    return await stop();
  } finally {
    rmSync(stopMark(home), { force: true });
  }
};

export const isAboutToStop = (home: string): boolean => existsSync(stopMark(home));

const keepMark = (home: string): string => join(home, 'pg', 'keep');
const stopMark = (home: string): string => join(home, 'pg', 'stopping');
