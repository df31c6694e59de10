import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFileLock } from '../home/file-lock.ts';
import { packageRoot } from '../home/package-root.ts';
import { statePath } from '../home/paths.ts';
import { makePrivateFolder } from '../home/private-file.ts';
import { isAlive } from '../home/process.ts';
import { hungAfterOf } from './sweep.ts';
import { openWorkerLog } from './worker-log.ts';

/**
 * Starts the background worker of this host under its supervisor unless one is there. The supervisor is a shell loop of about 1 MB: it starts
 * the worker again when it dies by anything but a clean exit, so that a killed worker is replaced with nobody
 * watching. Both are in a session of their own with their output in `$WAND_HOME/logs/worker.log` (worker-log.ts).
 */
export const ensureSupervisor = async (): Promise<void> => {
  if (supervisorPid() !== null) return;
  await withFileLock(join(makePrivateFolder(statePath('run')), 'supervisor.lock'), async () => {
    if (supervisorPid() === null) await start();
  });
};

/** Pid of the living supervisor of this user, or null. */
export const supervisorPid = (): number | null => {
  if (!existsSync(pidFile())) return null;
  const pid = Number.parseInt(readFileSync(pidFile(), 'utf8'), 10);
  return Number.isInteger(pid) && isAlive(pid) && isSupervisor(pid) ? pid : null;
};

/** Ends the supervisor and its worker; blocks under way are given back. Resolves when both are gone. */
export const stopSupervisor = async (): Promise<boolean> => {
  const pid = supervisorPid();
  if (pid === null) return false;
  process.kill(pid, 'SIGINT');
  for (let waited = 0; waited < 15_000 && isAlive(pid); waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
};

const pidFile = (): string => statePath('run', 'supervisor.pid');

/** The number may belong to somebody else by now: a supervisor has our marker among its arguments. */
const isSupervisor = (pid: number): boolean => {
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync('/proc/self/cmdline') || readFileSync(commandLine, 'utf8').includes('wand-supervisor');
};

const start = async (): Promise<void> => {
  const log = openWorkerLog();
  const program = join(packageRoot(), 'dist', 'main.js');
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      loop,
      'wand-supervisor',
      pidFile(),
      statePath('run'),
      mostSilences(),
      process.execPath,
      program,
      'worker',
      '--supervised',
    ],
    { detached: true, stdio: ['ignore', log, log], cwd: statePath('run'), env: process.env },
  );
  child.unref();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once('error', reject);
  child.once('spawn', () => resolve());
  await promise;
  // The file is there before the lock is given back, so that nobody starts a second one.
  for (let waited = 0; waited < 2_000 && supervisorPid() === null; waited += 10) {
    await new Promise((done) => setTimeout(done, 10));
  }
};

/**
 * Becomes the supervisor of a worker in this very process, for `wand worker`: the process keeps its pid and its terminal, and its Node is gone, so
 * that nothing but the shell loop is beside the worker. Answers only where a program cannot be replaced (Node before 23.11): then
 * nobody starts the worker again.
 */
export const becomeSupervisor = (workerArguments: string[]): void => {
  const program = join(packageRoot(), 'dist', 'main.js');
  if (!process.execve || !existsSync(program)) return;
  const command = [process.execPath, program, 'worker', '--kept', ...workerArguments];
  makePrivateFolder(statePath('run'));
  process.execve(
    '/bin/sh',
    ['sh', '-c', loop, 'wand-supervisor', '', statePath('run'), mostSilences(), ...command],
    process.env,
  );
};

/** Called for as long as this process's event loop turns; a supervisor kills a worker that stops telling it. */
export const tellSupervisor = (): void => {
  if (!beatFile) return;
  beats += 1;
  try {
    writeFileSync(beatFile, `${process.pid} ${beats}\n`, { mode: 0o600 });
  } catch {
    // A full disk: the supervisor has heard of us before, and must not take silence for a hang.
    rmSync(beatFile, { force: true });
  }
};

let beats = 0;

/** Not for the processes of blocks: a wand that one of them starts must not speak for this worker. */
const beatFile = process.env.WAND_SUPERVISOR_BEAT;
delete process.env.WAND_SUPERVISOR_BEAT;

/** Looks, one every two seconds, without a sign of life. */
const mostSilences = (): string => String(Math.ceil(hungAfterOf(process.env) / 2_000));

/**
 * TERM is passed on and lets the worker's blocks end; INT, and whatever comes second, becomes USR2: give them back at once. (A shell starts its
 * background processes with INT ignored, so that one would be lost on a worker that is just starting.)
 * Exit codes 0 and 2 are clean: done, or refused by this version. One that ends by itself within 5 s ten times over is not tried for ever. One
 * that was killed (codes over 128) is started again at once, and only slowly if it does not live for a second. Without a pid file it
 * stands on a terminal: a worker that never came up is its end, with the worker's code. A worker that has told that it
 * lives, and then does not for WAND_HUNG_AFTER seconds (20), is killed: what it tells is a count, so that no clock matters. Who watches
 * for that takes its `sleep` along when it is sent away, and leaves when the loop has been killed.
 */
const loop = `
umask 077
pid_file=$1; beat=$2/beat-$$; limit=$3; shift 3
export WAND_SUPERVISOR_BEAT="$beat"
forget() { rm -f "$beat"; if [ -n "$pid_file" ]; then rm -f "$pid_file"; fi; }
if [ -n "$pid_file" ]; then echo $$ > "$pid_file"; trap '' HUP; fi
leave() {
  trap 'kill -USR2 "$worker" 2>/dev/null' TERM INT
  kill "-$1" "$worker" 2>/dev/null
  while kill -0 "$worker" 2>/dev/null; do wait "$worker"; status=$?; done
  end_watch; forget; exit "$status"
}
end_watch() { kill "$watcher" 2>/dev/null; wait "$watcher" 2>/dev/null; }
trap 'leave TERM' TERM
trap 'leave USR2' INT
watch() {
  last=; same=0; nap=
  trap 'kill "$nap" 2>/dev/null; exit' TERM
  while kill -0 $$ 2>/dev/null; do
    sleep 2 &
    nap=$!
    wait "$nap"
    now=
    if [ -f "$beat" ]; then read -r now < "$beat"; fi
    if [ -n "$now" ] && [ "$now" = "$last" ]; then same=$((same + 1)); else same=0; fi
    last=$now
    if [ "$same" -ge "$limit" ]; then echo "wand: worker $1 hangs; it is killed" >&2; kill -9 "$1"; return; fi
  done
}
failures=0
first=yes
while :; do
  started=$(date +%s)
  rm -f "$beat"
  "$@" &
  worker=$!
  watch "$worker" &
  watcher=$!
  wait "$worker"
  status=$?
  end_watch
  case $status in 0|2) forget; exit "$status";; esac
  lived=$(($(date +%s) - started))
  if [ "$status" -gt 128 ]; then
    echo "wand: worker $worker was killed (signal $((status - 128))); another one is started" >&2
    if [ "$lived" -lt 1 ]; then sleep 1; fi
    first=
    continue
  fi
  if [ -z "$pid_file" ] && [ -n "$first" ] && [ "$lived" -lt 5 ]; then exit "$status"; fi
  first=
  if [ "$lived" -lt 5 ]; then failures=$((failures + 1)); else failures=0; fi
  if [ "$failures" -ge 10 ]; then forget; exit 1; fi
  if [ "$failures" -gt 2 ]; then sleep 2; fi
done`;
