import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphemes } from '../../../src/draw/text-width.ts';
import { type EditedText, edit, moveLine } from '../../../src/tui/state/line-edit.ts';

const at = (marked: string): EditedText => ({ text: marked.replace('|', ''), at: marked.indexOf('|') });
const shown = ({ text, at: place }: EditedText): string => `${text.slice(0, place)}|${text.slice(place)}`;
const pressed = (marked: string, ...names: string[]): string =>
  shown(
    names.reduce((line, name) => edit(line, name.length === 1 ? { name, text: name } : { name }) ?? line, at(marked)),
  );

describe('a line that is edited', () => {
  test('takes characters where the cursor is, and moves by what a reader calls a character', () => {
    expect(pressed('ab|c', 'X')).toBe('abX|c');
    expect(pressed('a👩‍👩‍👧|c', 'left')).toBe('a|👩‍👩‍👧c');
    expect(pressed('a👩‍👩‍👧|c', 'backspace')).toBe('a|c');
    expect(pressed('|é́b', 'right')).toBe('é́|b');
    expect(pressed('ab|', 'right', 'left', 'left', 'left', 'delete')).toBe('|b');
  });

  test('goes to the ends and deletes words and what is before or behind', () => {
    expect(pressed('where fare > 5|', 'ctrl-w')).toBe('where fare > |');
    expect(pressed('abc| def', 'ctrl-k')).toBe('abc|');
    expect(pressed('abc| def', 'ctrl-u')).toBe('| def');
    expect(pressed('abc| def', 'ctrl-e', 'X', 'ctrl-a', 'Y')).toBe('Y|abc defX');
  });

  test('goes up and down by lines, in its column where there is one', () => {
    expect(shown(moveLine(at('abcd\nef|g\nhijk'), 1)!)).toBe('abcd\nefg\nhi|jk');
    expect(shown(moveLine(at('ab\ncdef|'), -1)!)).toBe('ab|\ncdef');
    expect(moveLine(at('ab|\ncd'), -1)).toBeNull();
    expect(moveLine(at('ab\ncd|'), 1)).toBeNull();
  });

  test('what is pasted keeps its lines only where there may be several, and never a control character', () => {
    const paste = { name: 'paste', text: 'a\u001b[2J\r\nb\tc' };
    expect(edit(at('|'), paste)!.text).toBe('a[2J b  c');
    expect(edit(at('|'), paste, { lines: true })!.text).toBe('a[2J\nb  c');
  });

  test('the cursor never stands outside the text or inside a character, whatever is typed', () => {
    const keys = fc.oneof(
      fc
        .constantFrom('left', 'right', 'home', 'end', 'backspace', 'delete', 'ctrl-w', 'ctrl-u', 'ctrl-k')
        .map((name) => ({ name })),
      fc.string({ unit: 'grapheme', maxLength: 3 }).map((text) => ({ name: 'paste', text })),
    );
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 30 }), (typed) => {
        let line: EditedText = { text: '', at: 0 };
        for (const key of typed) {
          line = edit(line, key, { lines: true }) ?? line;
          expect(line.at).toBeGreaterThanOrEqual(0);
          expect(line.at).toBeLessThanOrEqual(line.text.length);
          // Cut at the cursor, no half of a surrogate pair is left over.
          expect(line.text.slice(0, line.at).isWellFormed()).toBe(true);
        }
        expect(graphemes(line.text).join('')).toBe(line.text);
      }),
    );
  });
});
