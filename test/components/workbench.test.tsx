import { renderToString } from 'ink';
import { expect, test } from 'vitest';
import { Workbench } from '../../components/workbench.tsx';

const part = (id: string, x: number, y: number, lines: string[]) => ({
  id,
  x,
  y,
  width: lines[0]!.length,
  height: lines.length,
  lines,
});

const draw = (parts: ReturnType<typeof part>[]): string[] =>
  renderToString(<Workbench columns={10} rows={3} parts={parts} />, { columns: 10 }).split('\n');

test('each part stands at its place, line by line', () => {
  expect(draw([part('a', 0, 0, ['aaa', 'aaa', 'aaa']), part('b', 4, 1, ['bb', 'bb'])])).toEqual([
    'aaa',
    'aaa bb',
    'aaa bb',
  ]);
});

test('a later part lies above an earlier one', () => {
  expect(draw([part('under', 0, 0, ['uuuuuuuuuu', 'uuuuuuuuuu']), part('over', 3, 1, ['oooo'])])).toEqual([
    'uuuuuuuuuu',
    'uuuoooouuu',
    '',
  ]);
});
