import { readSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { BlockTask } from '../../model/block-task.ts';

/** Reads the task, the first line of standard input. */
export const readTask = (): BlockTask => {
  const pieces: Buffer[] = [];
  const piece = Buffer.alloc(64 * 1024);
  for (;;) {
    const length = readInput(piece);
    if (length === 0) process.exit(1);
    const end = piece.subarray(0, length).indexOf(10);
    pieces.push(Buffer.from(piece.subarray(0, end === -1 ? length : end)));
    if (end !== -1) return JSON.parse(Buffer.concat(pieces).toString('utf8')) as BlockTask;
  }
};

const readInput = (piece: Buffer): number => {
  for (;;) {
    try {
      return readSync(0, piece);
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
