import { renderToString } from 'ink';
import { expect, test } from 'vitest';
import type { Placed } from '../../components/surface.ts';
import { Workbench } from '../../components/workbench.tsx';

test('each part comes to the surface with the place that Ink gave it, and Ink draws nothing itself', () => {
  const placed = new Map<string, Placed>();
  const surface = { put: (id: string, part: Placed) => void placed.set(id, part), remove: () => undefined };
  const parts = [
    { id: 'under', x: 0, y: 0, width: 10, height: 2, lines: ['uuuuuuuuuu', 'uuuuuuuuuu'] },
    { id: 'over', x: 3, y: 1, width: 4, height: 1, lines: ['oooo'] },
  ];
  const drawn = renderToString(<Workbench surface={surface} columns={10} parts={parts} />, { columns: 10 });
  expect(drawn.trim()).toBe('');
  expect(placed.get('under')).toMatchObject({ order: 0, x: 0, y: 0, width: 10, height: 2, lines: parts[0]!.lines });
  expect(placed.get('over')).toMatchObject({ order: 1, x: 3, y: 1, width: 4, height: 1, lines: ['oooo'] });
});
