import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textWidth } from '../../../src/draw/text-width.ts';
import { createTheme } from '../../../src/draw/theme.ts';
import { typedLines } from '../../../src/tui/view/typed-lines.ts';

const theme = createTheme({ name: 'mono' });
const plain = (rows: string[]): string[] => rows.map((row) => row.replace(/\u001b\[[\d;]*m/g, ''));
const selected = (rows: string[]): string[] =>
  [...rows.join('\n').matchAll(/\u001b\[7m([^\u001b]*)/g)].map(([, text]) => text!);

test('long lines go on below where there are several rows, and scroll sideways where there is one', () => {
  const typed = { text: 'select aaaa from bbbb', at: 21 };
  expect(plain(typedLines(typed, { width: 12, height: 4 }, theme))).toEqual([
    ' select aaa ',
    ' a from bbb ',
    ' b          ',
  ]);
  expect(plain(typedLines(typed, { width: 12, height: 1 }, theme))).toEqual([' from bbbb  ']);
  expect(selected(typedLines({ ...typed, at: 10 }, { width: 12, height: 4 }, theme))).toEqual(['a']);
});

test('whatever is typed, rows have the width, the cursor is in sight once and on its letter', () => {
  const text = fc.array(fc.constantFrom('a', 'bc ', '\n', '漢', '😀', 'e\u0301', '\u001b'), { maxLength: 60 });
  fc.assert(
    fc.property(
      text,
      fc.nat(),
      fc.integer({ min: 8, max: 30 }),
      fc.integer({ min: 1, max: 5 }),
      (parts, nth, width, height) => {
        const at = parts.slice(0, nth % (parts.length + 1)).join('').length;
        const typed = { text: parts.join(''), at };
        const rows = typedLines(typed, { width, height }, theme);
        expect(rows.length).toBeLessThanOrEqual(height);
        for (const row of plain(rows)) expect(textWidth(row)).toBe(width);
        expect(selected(rows)).toHaveLength(1);
        const letter = parts.slice(nth % (parts.length + 1))[0]?.[0] ?? '\n';
        if (/[abc]/.test(letter)) expect(selected(rows)[0]).toBe(letter);
      },
    ),
  );
});
