import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import {
  displayText,
  fitted,
  graphemes,
  isSimple,
  sliceColumns,
  textWidth,
  truncate,
} from '../../src/draw/text-width.ts';

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

  test('what counts as simple is one grapheme of one column a code unit, as the slow way has it', () => {
    for (let code = 0; code < 0xffff; code++) {
      const character = String.fromCharCode(code);
      if (!isSimple(character)) continue;
      expect([code.toString(16), stringWidth(character)]).toEqual([code.toString(16), 1]);
      expect([code.toString(16), stringWidth(`a${character}b`)]).toEqual([code.toString(16), 3]);
      const segments = [...new Intl.Segmenter().segment(`a${character}b`)].map(({ segment }) => segment);
      expect(graphemes(`a${character}b`)).toEqual(segments);
    }
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
