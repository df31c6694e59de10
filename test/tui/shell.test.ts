import { expect, test } from 'vitest';
import { openShell } from '../../src/tui/shell.tsx';
import type { Part } from '../../src/tui/view/screen.ts';

const size = { columns: 10, rows: 4 };
const part = (key: string, x: number, y: number, lines: string[]): Part => ({
  key,
  rect: { x, y, width: lines[0]?.length ?? 0, height: lines.length },
  lines,
});

test('Ink places the parts where they belong, in their order', () => {
  const shell = openShell([part('a', 0, 0, ['first'])], size);
  const parts = [part('a', 0, 0, ['second', 'second']), part('dialog', 3, 2, ['over']), part('b', 6, 1, ['b'])];
  expect(shell.place(parts, size)).toEqual(parts);
  expect(shell.place([parts[0]!, parts[2]!], size)).toEqual([parts[0], parts[2]]);
  shell.close();
});

test('what a component throws comes out', async () => {
  const shell = openShell([part('a', 0, 0, ['first'])], size);
  const noKey = Symbol('a key that React cannot take') as unknown as string;
  shell.place([part(noKey, 0, 0, ['x'])], size);
  await expect(shell.ended).rejects.toThrow();
});
