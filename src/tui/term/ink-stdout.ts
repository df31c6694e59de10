import { EventEmitter } from 'node:events';
import type { FrameWriter } from './frame-writer.ts';

/** What Ink writes before a frame to erase the last one; the frame itself comes after it, whole. */
const erasing = /^(?:\u001b\[(?:2K|\d*A|\d*G|J|0J|H|1;1H))+/;

/**
 * The stream Ink thinks is its terminal. It is no TTY, so that Ink writes nothing but whole frames; those go to the frame
 * writer, which puts only their changes on the real terminal.
 */
export const createInkStdout = (writer: FrameWriter, size: { columns: number; rows: number }): NodeJS.WriteStream => {
  const stream = Object.assign(new EventEmitter(), {
    isTTY: false,
    writable: true,
    columns: size.columns,
    rows: size.rows,
    write: (chunk: string, ...rest: unknown[]): boolean => {
      const frame = String(chunk).replace(erasing, '');
      if (frame !== '') writer.show(frame.replace(/\n$/, '').split('\n'));
      const done = rest.at(-1);
      if (typeof done === 'function') queueMicrotask(done as () => void);
      return true;
    },
  });
  return stream as unknown as NodeJS.WriteStream;
};
