import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayText, fitted, sliceColumns, textWidth, truncate } from '../../src/draw/text-width.ts';

const mixed = fc
  .array(fc.constantFrom('a', ' ', '空', 'é', 'e\u0301', '👩‍👩‍👧', '│', 'ｶ', '-'), { maxLength: 20 })
  .map((all) => all.join(''));

describe('text width', () => {
  test.each([
    ['abc', 3],
    ['空港', 4],
    ['naïve', 5],
    ['e\u0301', 1],
    ['👩‍👩‍👧', 2],
    ['', 0],
  ])('%j takes %i columns', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  test('fitting gives exactly the width asked for, whatever the text', () => {
    fc.assert(
      fc.property(
        mixed,
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom('left' as const, 'right' as const),
        (text, width, align) => {
          expect(textWidth(fitted(text, width, align))).toBe(width);
        },
      ),
    );
  });

  test('a slice has its width and never half a wide character', () => {
    expect(sliceColumns('空港', 1, 2)).toBe('  ');
    fc.assert(
      fc.property(mixed, fc.nat(10), fc.nat(10), (text, from, width) => {
        expect(textWidth(sliceColumns(text, from, width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  test('what is cut says so', () => {
    expect(truncate('clean_trips', 6)).toBe('clean…');
    expect(truncate('clean', 5)).toBe('clean');
  });

  test('foreign text becomes one safe line', () => {
    expect(displayText('a\tb')).toBe('a    b');
    expect(displayText('\u001b[31mred')).toBe('^[[31mred');
    expect(displayText('line\nbreak')).toBe('line^Jbreak');
    expect(displayText('\u0301x')).toBe('x');
  });
});
