import { writeSync } from 'node:fs';
import type { ChildEvent } from '../../model/block-task.ts';
import type { LogLevel, LogSource } from '../../model/run.ts';

/** Says an event to the worker. Synchronous, so that events and output keep their order and none is lost by an exit. */
export const sendEvent = (event: ChildEvent): void => {
  let left: Uint8Array = Buffer.from(`${JSON.stringify(event)}\n`);
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(3, left));
    } catch (problem) {
      if ((problem as NodeJS.ErrnoException).code !== 'EAGAIN') throw problem;
      Atomics.wait(pause, 0, 0, 5);
    }
  }
};

const pause = new Int32Array(new SharedArrayBuffer(4));

export const logLine = (level: LogLevel, source: LogSource, text: string): void =>
  sendEvent({ type: 'log', level, source, text });

/** A line of wand's own about what it does for the block. */
export const say = (text: string, level: LogLevel = 'info'): void => logLine(level, 'wand', text);
