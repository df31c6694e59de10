import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { WandError } from '../../problem/wand-error.ts';
import type { Binaries } from './binaries.ts';
import type { Place } from './place.ts';
import { findPostmaster, type Postmaster } from './postmaster.ts';
import { identityOf, serverEnvironment } from './program.ts';
import { startSettings } from './settings.ts';

/** Crash recovery after a kill in the middle of a big load takes its time. */
const readyPatienceMs = 120_000;
const largestLog = 4 * 1024 * 1024;

/**
 * Starts the server and waits until it takes connections. It is a process of its own session, with the log as its only stdio. The program
 * is started directly: pg_ctl passes paths through a shell, where `$` and quotes break, and looks only every 0.1 s whether it is up.
 * Throws WandError `postgres-start` with the last words of its log.
 */
export const startPostmaster = async (place: Place, binaries: Binaries, preferredPort: number): Promise<Postmaster> => {
  for (let attempt = 1; ; attempt += 1) {
    const port = attempt === 1 ? await freePort(preferredPort) : await freePort(0);
    const outcome = await launch(place, binaries, port);
    if ('pid' in outcome) return outcome;
    // Somebody may have taken the port between our look and the server's.
    if (attempt >= 3 || !/Address already in use|could not create any TCP\/IP sockets/.test(outcome.log)) {
      throw startFailed(place, outcome.log);
    }
  }
};

export const logFileOf = (place: Place): string => join(place.folder, 'log');

const launch = async (place: Place, { binFolder }: Binaries, port: number): Promise<Postmaster | { log: string }> => {
  const log = logFileOf(place);
  if (existsSync(log) && statSync(log).size > largestLog) renameSync(log, `${log}.1`);
  const handle = openSync(log, 'a', 0o600);
  const begin = statSync(log).size;
  const child = spawn(join(binFolder, 'postgres'), ['-D', place.data, ...startSettings(place, port)], {
    detached: true,
    stdio: ['ignore', handle, handle],
    cwd: place.base,
    env: serverEnvironment(place.base),
    ...identityOf(place.account),
  });
  closeSync(handle);
  let failure: string | null = null;
  child.once('error', (error) => {
    failure = error.message;
  });
  child.unref();
  const deadline = Date.now() + readyPatienceMs;
  while (failure === null && child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    const postmaster = findPostmaster(place.data);
    if (postmaster && postmaster.pid === child.pid && postmaster.status === 'ready') return postmaster;
    await pause(5);
  }
  const isAtIt = failure === null && child.exitCode === null && child.signalCode === null;
  if (isAtIt) return { log: `not ready after ${readyPatienceMs / 1000} s; process ${child.pid} is still at it` };
  return { log: failure ?? readFileSync(log).subarray(begin).toString() };
};

/** The preferred port if nobody listens there, else a free one that the system chooses. */
const freePort = (preferred: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => (preferred === 0 ? reject(error) : resolve(freePort(0))));
    probe.listen({ port: preferred, host: '127.0.0.1', exclusive: true }, () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

const startFailed = (place: Place, log: string): WandError => {
  const lines = log.trim().split('\n');
  const reason = lines.filter((line) => /FATAL|PANIC|ERROR/.test(line)).pop() ?? lines.pop() ?? '';
  return new WandError(
    'postgres-start',
    `The embedded Postgres does not start: ${reason.replace(/^.*?(?=FATAL|PANIC|ERROR)/, '')}`,
    { fix: `Its log is ${logFileOf(place)}; WAND_DATABASE_URL can name another server.`, exitCode: 3 },
  );
};
