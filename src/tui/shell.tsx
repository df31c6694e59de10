import { Readable } from 'node:stream';
import { render } from 'ink';
import { Workbench } from '../../components/workbench.tsx';
import type { FrameWriter } from './term/frame-writer.ts';
import { createInkStdout } from './term/ink-stdout.ts';
import type { Part } from './view/screen.ts';

type Size = { columns: number; rows: number };

export type Shell = {
  show(parts: readonly Part[], size: Size): void;
  /** Rejects with what a component threw. */
  ended: Promise<unknown>;
  close(): void;
};

/** Ink lays the parts out and hands whole frames to the writer. It reads no keys and owns no terminal. */
export const openShell = (writer: FrameWriter, first: readonly Part[], size: Size): Shell => {
  const stdout = createInkStdout(writer, size);
  const stdin = new Readable({ read: () => undefined }) as unknown as NodeJS.ReadStream;
  const element = (parts: readonly Part[], { columns, rows }: Size) => (
    <Workbench
      columns={columns}
      rows={rows}
      parts={parts.map(({ key, rect, lines }) => ({ id: key, ...rect, lines }))}
    />
  );
  const ink = render(element(first, size), {
    stdout,
    stdin,
    interactive: true,
    patchConsole: false,
    exitOnCtrlC: false,
    // The frame clock decides when to draw; Ink must not hold frames back.
    maxFps: 1_000,
  });
  return {
    show: (parts, now) => {
      stdout.columns = now.columns;
      stdout.rows = now.rows;
      ink.rerender(element(parts, now));
    },
    ended: ink.waitUntilExit(),
    close: () => ink.unmount(),
  };
};
