import { chmodSync, existsSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { statePath } from '../home/paths.ts';
import { makePrivateFolder } from '../home/private-file.ts';

/** A larger file makes room for a new one when a supervisor starts. Bytes. */
const largest = 10 * 1024 * 1024;

/** `$WAND_HOME/logs/worker.log`, open for appending (0600). One that has grown large becomes `worker.log.1`, in place of an older one. */
export const openWorkerLog = (): number => {
  const path = join(makePrivateFolder(statePath('logs')), 'worker.log');
  if (existsSync(path)) chmodSync(path, 0o600);
  if (existsSync(path) && statSync(path).size > largest) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
};
