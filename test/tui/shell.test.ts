import { expect, test } from 'vitest';
import { openShell } from '../../src/tui/shell.tsx';
import type { FrameWriter } from '../../src/tui/term/frame-writer.ts';

const recorder = (): FrameWriter & { frames: string[][] } => {
  const frames: string[][] = [];
  return {
    frames,
    show: (lines) => frames.push([...lines]),
    redraw: () => undefined,
    hold: () => undefined,
    release: () => undefined,
    resize: () => undefined,
    isSlow: () => false,
    stop: () => undefined,
  };
};

const size = { columns: 10, rows: 2 };
const part = (lines: string[]) => ({ key: 'a', rect: { x: 0, y: 0, width: 10, height: 2 }, lines });

test('Ink hands whole frames to the writer and nothing else', () => {
  const writer = recorder();
  const shell = openShell(writer, [part(['first     ', 'line      '])], size);
  shell.show([part(['second    ', 'line      '])], size);
  shell.close();
  expect(writer.frames.slice(0, 2)).toEqual([
    ['first', 'line'],
    ['second', 'line'],
  ]);
});

test('what a component throws comes out', async () => {
  const shell = openShell(recorder(), [part(['first     '])], size);
  const broken = { ...part([]), lines: null as unknown as string[] };
  shell.show([broken], size);
  await expect(shell.ended).rejects.toThrow(/map/);
});
