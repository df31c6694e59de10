import { EventEmitter } from 'node:events';

/** The stream Ink thinks is its terminal. What Ink writes itself is nothing that anybody should see: the frame writer has the screen. */
export const createInkStdout = (size: { columns: number; rows: number }): NodeJS.WriteStream => {
  const stream = Object.assign(new EventEmitter(), {
    isTTY: false,
    writable: true,
    columns: size.columns,
    rows: size.rows,
    write: (_chunk: string, ...rest: unknown[]): boolean => {
      const done = rest.at(-1);
      if (typeof done === 'function') queueMicrotask(done as () => void);
      return true;
    },
  });
  return stream as unknown as NodeJS.WriteStream;
};
