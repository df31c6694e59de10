import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDecoder } from '../../../src/tui/keys/decode.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const namesOf = (text: string): string[] =>
  createDecoder()
    .push(bytes(text))
    .map(({ name }) => name);

describe('the key decoder', () => {
  test('a run of keys in one chunk is that many keys', () => {
    expect(namesOf('jjj\r\r')).toEqual(['j', 'j', 'j', 'enter', 'enter']);
  });

  test.each([
    ['\u001b[A', 'up'],
    ['\u001bOB', 'down'],
    ['\u001b[H', 'home'],
    ['\u001b[4~', 'end'],
    ['\u001b[5~', 'pageup'],
    ['\u001b[Z', 'shift-tab'],
    ['\u001b[1;5C', 'ctrl-right'],
    ['\u001bOP', 'f1'],
    ['\u001b[11~', 'f1'],
    ['\u0004', 'ctrl-d'],
    ['\u007f', 'backspace'],
    ['\u001bx', 'alt-x'],
    [' ', 'space'],
    ['é', 'é'],
    ['空', '空'],
  ])('%j is %s', (sequence, name) => {
    expect(namesOf(sequence)).toEqual([name]);
  });

  test('answers of the terminal, focus and mouse reports are no keys', () => {
    expect(namesOf('\u001b[?62;22c\u001b[I\u001b[12;40R\u001b[<0;10;10Mj')).toEqual(['j']);
  });

  test('esc waits for the rest of a sequence and is a key of its own when none comes', () => {
    const decoder = createDecoder();
    expect(decoder.push(bytes('\u001b'))).toEqual([]);
    expect(decoder.pending()).toBe(true);
    expect(decoder.flush()).toEqual([{ name: 'esc' }]);
    expect(decoder.pending()).toBe(false);
  });

  test('a paste is one key with its text, however it is cut', () => {
    const pasted = '\u001b[200~select 1;\nq\u001b[A\u001b[201~j';
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: pasted.length - 1 }), { maxLength: 5 }), (cuts) => {
        expect(decodeInPieces(pasted, cuts)).toEqual([
          { name: 'paste', text: 'select 1;\nq\u001b[A' },
          { name: 'j', text: 'j' },
        ]);
      }),
    );
  });

  test('how the bytes are cut into chunks makes no difference', () => {
    const keys = fc.constantFrom(
      'j',
      'é',
      '空',
      '😀',
      '\u001b[A',
      '\u001bOB',
      '\u001b[1;5C',
      '\u001b[5~',
      '\r',
      '\u0004',
    );
    fc.assert(
      fc.property(
        fc.array(keys, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat({ max: 40 }), { maxLength: 6 }),
        (typed, cuts) => {
          const text = typed.join('');
          expect(decodeInPieces(text, cuts)).toEqual(createDecoder().push(bytes(text)));
        },
      ),
    );
  });

  const decodeInPieces = (text: string, cuts: number[]) => {
    const all = bytes(text);
    const places = [...new Set([0, ...cuts.filter((cut) => cut < all.length), all.length])].sort((a, b) => a - b);
    const decoder = createDecoder();
    return places.slice(1).flatMap((end, index) => decoder.push(all.subarray(places[index], end)));
  };
});

describe('answers of the terminal', () => {
  const answer = '\u001b]11;rgb:1e1e/1e1e/2e2e\u001b\\';

  test('are no keys, wherever they are cut', () => {
    for (let cut = 0; cut <= answer.length; cut++) {
      const decoder = createDecoder();
      const keys = [
        ...decoder.push(Buffer.from(`a${answer.slice(0, cut)}`)),
        ...decoder.push(Buffer.from(`${answer.slice(cut)}b`)),
      ];
      expect(keys).toEqual([
        { name: 'a', text: 'a' },
        { name: 'report', text: '11;rgb:1e1e/1e1e/2e2e' },
        { name: 'b', text: 'b' },
      ]);
    }
  });

  test('that break off are not typed', () => {
    const decoder = createDecoder();
    decoder.push(Buffer.from('\u001b]11;rgb:1e1e/1e'));
    expect(decoder.flush().map(({ name }) => name)).toEqual(['report']);
  });
});
