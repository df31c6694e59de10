import { readSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** Reads the next line of a descriptor: a task. Ends the process when there is none. Waits without turning the event loop. */
export const readTaskLine = (descriptor: number): string => {
  const pieces: Buffer[] = [];
  const piece = Buffer.alloc(64 * 1024);
  for (;;) {
    const length = readInput(descriptor, piece);
    if (length === 0) process.exit(1);
    const end = piece.subarray(0, length).indexOf(10);
    pieces.push(Buffer.from(piece.subarray(0, end === -1 ? length : end)));
    if (end !== -1) return Buffer.concat(pieces).toString('utf8');
  }
};

const readInput = (descriptor: number, piece: Buffer): number => {
  for (;;) {
    try {
      return readSync(descriptor, piece);
    } catch (problem) {
      if ((problem as NodeJS.ErrnoException).code !== 'EAGAIN') throw problem;
      Atomics.wait(pause, 0, 0, 2);
    }
  }
};

const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Kills this process group when standard input ends: the worker is gone, and where there is no setpriv nothing else
 * would tell. In a thread of its own, because a block that computes never returns to its event loop. The thread is there at once, so that
 * no block waits for it, but leaves the input alone until the answered function is called: the task is read from it first.
 */
export const prepareWatch = (): (() => void) => {
  const thread = new Worker(watcher, { eval: true, stdin: false });
  thread.unref();
  return () => thread.postMessage('watch');
};

const watcher = `
const { Socket } = require('node:net');
const end = () => { try { process.kill(-process.pid, 'SIGKILL'); } catch {} process.kill(process.pid, 'SIGKILL'); };
require('node:worker_threads').parentPort.once('message', () => {
  const input = new Socket({ fd: 0, readable: true, writable: false });
  input.on('end', end).on('error', end).on('close', end).resume();
});
`;
