import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawText } from '../../src/draw/text-lines.ts';
import { displayText, textWidth } from '../../src/draw/text-width.ts';
import { createTheme } from '../../src/draw/theme.ts';

const theme = createTheme();
const drawn = (text: string, width = 20) => drawText(text, { width, height: 1_000_000, top: 0 }, theme);

describe('a long text', () => {
  test('is wrapped at its width and at its line breaks, and scrolls', () => {
    expect(drawn('abcdefgh\n\nij', 6).lines).toEqual([' abcd ', ' efgh ', '      ', ' ij   ']);
    expect(drawText('abcdefgh\n\nij', { width: 6, height: 2, top: 99 }, theme)).toMatchObject({
      lines: ['      ', ' ij   '],
      top: 2,
      count: 4,
    });
  });

  test('a letter keeps its marks, an emoji its parts', () => {
    expect(drawn('abce\u0301f', 6).lines).toEqual([' abce\u0301 ', ' f    ']);
    expect(drawn('abc👩‍👩‍👧d', 6).lines).toEqual([' abc  ', ' 👩‍👩‍👧d  ']);
  });

  test('every line has its width, and together they are the whole text', () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom('a', 'é', '空', '가', 'ж', '\u0301', '\u200d', '👩', 'ש', '\u001b', '\t'),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
      ),
      maxLength: 60,
    });
    fc.assert(
      fc.property(text, fc.integer({ min: 6, max: 40 }), (value, width) => {
        const { lines } = drawn(value, width);
        for (const line of lines) expect(textWidth(line)).toBe(width);
        const shown = lines
          .map((line) => line.trim())
          .join('')
          .replaceAll(' ', '');
        expect(shown.length).toBeLessThanOrEqual(displayText(value).length);
      }),
    );
  });
});
