import type { Socket } from 'node:net';
import { type ChildStart, type StartedChild, startChild } from './run-child.ts';

type Started = StartedChild | { problem: string };
type Spare = { key: string; child: Promise<Started>; idle: NodeJS.Timeout };

const idleMs = 60_000;

let spare: Spare | null = null;

/**
 * A child that was started ahead with just this program, environment and folder, else one that is started now; the next is started behind it.
 * The first block of a kind has none to take.
 */
export const takeChild = async (start: ChildStart): Promise<Started> => {
  const ahead = spare?.key === keyOf(start) ? takeSpare() : null;
  const child = await (ahead ?? startChild(start));
  if (!ahead && 'problem' in child) return child;
  if ('problem' in child || child.process.exitCode !== null || child.process.signalCode !== null) {
    return startChild(start);
  }
  keepAlive(child, true);
  prepareChild(start);
  return child;
};

/** Starts a child ahead, unless just that one waits already; it leaves when no block has come for a minute, and with this process. */
export const prepareChild = (start: ChildStart): void => {
  const key = keyOf(start);
  if (spare?.key === key) return void spare.idle.refresh();
  dropSpare();
  const child = startChild(start);
  const next: Spare = { key, child, idle: setTimeout(dropSpare, idleMs).unref() };
  spare = next;
  child.then(
    (started) => {
      if ('problem' in started) return forget(next);
      if (spare === next) keepAlive(started, false);
      started.exited.then(() => forget(next));
    },
    () => forget(next),
  );
};

/** Sends the waiting child away. */
export const dropSpare = (): void => {
  takeSpare()?.then(
    (child) => {
      // The end of its input, as when this process is gone.
      if ('process' in child) for (const stream of [...child.process.stdio]) stream?.destroy();
    },
    () => undefined,
  );
};

/** The process id of the waiting child, for benches and tests. */
export const sparePid = async (): Promise<number | null> => {
  const child = await spare?.child;
  return child && 'process' in child ? child.pgid : null;
};

const takeSpare = (): Promise<Started> | null => {
  const taken = spare;
  spare = null;
  clearTimeout(taken?.idle);
  return taken?.child ?? null;
};

const forget = (gone: Spare) => {
  clearTimeout(gone.idle);
  if (spare === gone) spare = null;
};

const keepAlive = ({ process: child }: StartedChild, keep: boolean) => {
  const parts = [child, ...child.stdio.map((stream) => stream as Socket | null)];
  for (const part of parts) keep ? part?.ref() : part?.unref();
};

const keyOf = ({ program, args, environment, workingDirectory }: ChildStart): string =>
  JSON.stringify([program, args, workingDirectory, Object.entries(environment).toSorted()]);
