import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineReader } from '../../../src/blocks/child/line-reader.ts';

const readInPieces = (bytes: Uint8Array, sizes: number[], limit?: number): string[] => {
  const lines: string[] = [];
  const reader = createLineReader((line) => lines.push(line), limit);
  let at = 0;
  for (const size of sizes) {
    reader.push(bytes.subarray(at, at + size));
    at += size;
  }
  reader.push(bytes.subarray(at));
  reader.end();
  return lines;
};

test('lines come out the same however the stream is cut, also inside a character', () => {
  const line = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), fc.array(fc.nat(9)), (lines, sizes) => {
      const bytes = Buffer.from(`${lines.join('\n')}\n`);
      expect(readInPieces(bytes, sizes)).toEqual(lines);
    }),
  );
});

test('a last line without a line end is delivered, carriage returns of line ends are not', () => {
  expect(readInPieces(Buffer.from('one\r\ntwo'), [4])).toEqual(['one', 'two']);
});

test('bytes that are not UTF-8 are replaced', () => {
  expect(readInPieces(Buffer.from([0x61, 0xff, 0x62, 0x0a]), [])).toEqual(['a\ufffdb']);
});

test('a line over the limit is cut with a note and the next one is whole', () => {
  expect(readInPieces(Buffer.from(`${'x'.repeat(30)}\nnext\n`), [7, 9], 10)).toEqual([
    `${'x'.repeat(10)} [cut: 20 more bytes in this line]`,
    'next',
  ]);
});
