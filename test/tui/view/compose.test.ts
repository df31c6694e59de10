import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createComposer } from '../../../src/tui/view/compose.ts';
import type { Part } from '../../../src/tui/view/screen.ts';

const size = { columns: 10, rows: 3 };
const part = (key: string, x: number, y: number, lines: string[], width = lines[0]!.length): Part => ({
  key,
  rect: { x, y, width, height: lines.length },
  lines,
});
const texts = (parts: Part[]): string[] => createComposer()(parts, size).map(({ chars }) => chars.join(''));

test('a later part lies above an earlier one', () => {
  expect(texts([part('under', 0, 0, ['uuuuuuuuuu', 'uuuuuuuuuu']), part('over', 3, 1, ['oooo'])])).toEqual([
    'uuuuuuuuuu',
    'uuuoooouuu',
    '          ',
  ]);
});

test('half of a wide character at the edge of a part becomes a blank', () => {
  expect(texts([part('under', 0, 0, ['空空空空空'], 10), part('over', 3, 0, ['ooo'])])[0]).toBe('空 ooo空空');
});

test('rows that have not changed are the same objects, however the parts move', () => {
  const lines = fc.array(fc.constantFrom('aaaa', 'bbbb', 'cccc'), { minLength: 1, maxLength: 3 });
  const parts = fc.array(fc.tuple(fc.nat(9), fc.nat(3), lines), { maxLength: 4 });
  fc.assert(
    fc.property(fc.array(parts, { minLength: 2, maxLength: 4 }), (frames) => {
      const compose = createComposer();
      let before: ReturnType<typeof compose> = [];
      for (const frame of frames) {
        const drawn = frame.map(([x, y, text], index) => part(String(index), x, y, text));
        const rows = compose(drawn, size);
        expect(rows.map(({ chars }) => chars)).toEqual(createComposer()(drawn, size).map(({ chars }) => chars));
        before = rows;
      }
      expect(
        compose(
          frames.at(-1)!.map(([x, y, text], index) => part(String(index), x, y, text)),
          size,
        ),
      ).toEqual(before);
    }),
  );
});
