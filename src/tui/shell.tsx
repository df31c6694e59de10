import { Readable } from 'node:stream';
import { render } from 'ink';
import type { Placed, Surface } from '../../components/surface.ts';
import { Workbench } from '../../components/workbench.tsx';
import { createInkStdout } from './term/ink-stdout.ts';
import type { Part } from './view/screen.ts';

type Size = { columns: number; rows: number };

export type Shell = {
  /** Lays the parts out and answers where they came to stand, from the lowest to the highest. */
  place(parts: readonly Part[], size: Size): Part[];
  /** Rejects with what a component threw. */
  ended: Promise<unknown>;
  close(): void;
};

/** Ink as the shell of the screen: React composes the parts, Yoga lays them out. It draws no cells, reads no keys and owns no terminal. */
export const openShell = (first: readonly Part[], size: Size): Shell => {
  const stdout = createInkStdout(size);
  const stdin = new Readable({ read: () => undefined }) as unknown as NodeJS.ReadStream;
  const placed = new Map<string, Placed>();
  const surface: Surface = {
    put: (id, part) => void placed.set(id, part),
    remove: (id) => void placed.delete(id),
  };
  const element = (parts: readonly Part[], { columns }: Size) => (
    <Workbench
      surface={surface}
      columns={columns}
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
    place: (parts, now) => {
      stdout.columns = now.columns;
      stdout.rows = now.rows;
      ink.rerender(element(parts, now));
      return [...placed]
        .sort(([, a], [, b]) => a.order - b.order)
        .map(([key, { lines, x, y, width, height }]) => ({ key, rect: { x, y, width, height }, lines }));
    },
    ended: ink.waitUntilExit(),
    close: () => ink.unmount(),
  };
};
