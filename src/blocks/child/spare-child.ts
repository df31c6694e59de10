import type { Socket } from 'node:net';
import { type ChildStart, type StartedChild, startChild } from './run-child.ts';

type Started = StartedChild | { problem: string };
type Spare = { key: string; child: Promise<Started>; idle: NodeJS.Timeout };

const idleMs = 60_000;
/** Children that have served a block, kept for the next ones of the same surroundings. */
const mostServing = 4;

let spare: Spare | null = null;
let serving: { key: string; child: StartedChild; idle: NodeJS.Timeout }[] = [];

/**
 * A child with just this program, environment and folder: one that waits after a block, one that was started ahead, else one that is started
 * now; the next is started behind it. The first block of a kind has none to take.
 */
export const takeChild = async (start: ChildStart): Promise<Started> => {
  const served = takeServing(keyOf(start));
  if (served) return served;
  const ahead = spare?.key === keyOf(start) ? takeSpare() : null;
  const child = await (ahead ?? startChild(start));
  if (!ahead && 'problem' in child) return child;
  if ('problem' in child || hasExited(child)) return startChild(start);
  keepAlive(child, true);
  prepareChild(start);
  return child;
};

/** Keeps a child that waits for its next task. */
export const giveBackChild = (start: ChildStart, child: StartedChild): void => {
  const key = keyOf(start);
  // Of one kind only: surroundings change rarely, and then for good.
  for (const other of serving.filter((one) => one.key !== key)) dismiss(other);
  if (serving.length >= mostServing || hasExited(child)) return void sendAway(child);
  keepAlive(child, false);
  const one = { key, child, idle: setTimeout(() => dismiss(one), idleMs).unref() };
  serving.push(one);
};

const takeServing = (key: string): StartedChild | null => {
  for (let one = serving.pop(); one; one = serving.pop()) {
    clearTimeout(one.idle);
    if (one.key === key && !hasExited(one.child)) {
      keepAlive(one.child, true);
      return one.child;
    }
    sendAway(one.child);
  }
  return null;
};

const dismiss = (one: (typeof serving)[number]): void => {
  clearTimeout(one.idle);
  serving = serving.filter((other) => other !== one);
  sendAway(one.child);
};

const hasExited = ({ process: child }: StartedChild): boolean => child.exitCode !== null || child.signalCode !== null;

/** The end of its input, as when this process is gone. */
const sendAway = (child: StartedChild): void => {
  for (const stream of [...child.process.stdio]) stream?.destroy();
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

/** Sends the waiting children away. */
export const dropChildren = (): void => {
  for (const one of serving) dismiss(one);
  dropSpare();
};

const dropSpare = (): void => {
  takeSpare()?.then(
    (child) => {
      if ('process' in child) sendAway(child);
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

const keys = new WeakMap<ChildStart, string>();

const keyOf = (start: ChildStart): string => {
  const { program, args, environment, workingDirectory } = start;
  const key =
    keys.get(start) ?? JSON.stringify([program, args, workingDirectory, Object.entries(environment).toSorted()]);
  keys.set(start, key);
  return key;
};
