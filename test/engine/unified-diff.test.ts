import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unifiedDiff } from '../../src/engine/code/unified-diff.ts';

const texts = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', 'c', '', 'if x:'), { maxLength: 30 }), fc.boolean())
  .map(([lines, ends]) => lines.join('\n') + (ends && lines.length > 0 ? '\n' : ''));

/** The right text, made from the left one by a diff, as `patch` would. */
const patched = (left: string, diff: readonly string[]): string => {
  const source = left === '' ? [] : left.split('\n');
  const rows = diff.flatMap((line) => line.split('\n'));
  const result: string[] = [];
  let at = 0;
  for (const [index, row] of rows.entries()) {
    const unfinished = rows[index + 1]?.startsWith('\\') ?? false;
    if (row.startsWith('@@')) {
      const [, start, count = '1'] = /^@@ -(\d+)(?:,(\d+))?/.exec(row)!;
      const first = Number(start) - (count === '0' ? 0 : 1);
      for (; at < first; at++) result.push(`${source[at]}\n`);
    } else if (row.startsWith('+')) result.push(row.slice(1) + (unfinished ? '' : '\n'));
    else if (!row.startsWith('\\')) {
      expect(source[at]).toBe(row.slice(1));
      if (row.startsWith(' ')) result.push(row.slice(1) + (unfinished ? '' : '\n'));
      at += 1;
    }
  }
  const rest = source.slice(at).join('\n');
  return result.join('') + rest;
};

test('what a diff says makes the one text of the other, whatever they are', () => {
  fc.assert(
    fc.property(texts, texts, (left, right) => {
      expect(patched(left, unifiedDiff(left, right))).toBe(right);
    }),
    { numRuns: 2_000 },
  );
});

test('texts that are the same have none', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(unifiedDiff(text, text)).toEqual([]);
    }),
  );
});

test('changes stand with three lines round them, those that are near in one hunk', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);
  const right = lines.map((text) => (text === 'line 5' ? 'five' : text === 'line 25' ? '' : text));
  expect(unifiedDiff(lines.join('\n'), right.join('\n'))).toEqual([
    '@@ -2,7 +2,7 @@',
    ' line 2',
    ' line 3',
    ' line 4',
    '-line 5',
    '+five',
    ' line 6',
    ' line 7',
    ' line 8',
    '@@ -22,7 +22,7 @@',
    ' line 22',
    ' line 23',
    ' line 24',
    '-line 25',
    '+',
    ' line 26',
    ' line 27',
    ' line 28',
  ]);
});

test('texts with nothing in common are replaced whole, and in time', () => {
  const [left, right] = ['a', 'b'].map((name) => Array.from({ length: 20_000 }, (_, at) => `${name}${at}\n`).join(''));
  expect(unifiedDiff(left!, right!)).toHaveLength(40_001);
});
