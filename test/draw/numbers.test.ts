import { expect, test } from 'vitest';
import { ago, agoChangesIn, byteSize, clock, duration, fullCount, shortCount } from '../../src/draw/numbers.ts';

test.each([
  [0, '0'],
  [265, '265'],
  [9_999, '9999'],
  [10_000, '10k'],
  [812_114, '812k'],
  [999_700, '1M'],
  [1_369_765, '1.37M'],
  [94_000_000, '94M'],
])('%i rows are %s', (count, text) => expect(shortCount(count)).toBe(text));

test.each([
  [41, '41ms'],
  [999.4, '999ms'],
  [999.6, '1.0s'],
  [1_240, '1.2s'],
  [12_300, '12s'],
  [187_000, '3m 07s'],
  [7_500_000, '2h 05m'],
])('%i ms took %s', (milliseconds, text) => expect(duration(milliseconds)).toBe(text));

test('clocks, ages, counts and sizes', () => {
  expect(clock(7_900)).toBe('0:07');
  expect(clock(3_729_000)).toBe('1:02:09');
  expect(ago(59_999)).toBe('now');
  expect(ago(7_300_000)).toBe('2h ago');
  expect(fullCount(1_343_039)).toBe('1,343,039');
  expect(byteSize(94_200_000)).toBe('94 MB');
  expect(byteSize(512)).toBe('512 B');
});

test.each([0, 1, 59_999, 60_000, 61_000, 3_599_999, 3_600_000, 7_300_000, 86_399_999, 86_400_000, 90_000_000])(
  'an age of %i ms reads the same until it is said to change',
  (age) => {
    const wait = agoChangesIn(age);
    expect(ago(age + wait - 1)).toBe(ago(age));
    expect(ago(age + wait)).not.toBe(ago(age));
  },
);
