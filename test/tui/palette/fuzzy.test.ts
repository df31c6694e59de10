import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuzzyScore } from '../../../src/tui/palette/fuzzy.ts';

const best = (typed: string, texts: string[]): string | undefined =>
  texts
    .map((text) => ({ text, score: fuzzyScore(typed, text) }))
    .filter(({ score }) => score !== null)
    .sort((one, other) => other.score! - one.score!)[0]?.text;

describe('fuzzy', () => {
  test.each([
    ['run yel', ['show run of yellow', 'run yellow_taxi from a', 'run yellow_taxi'], 'run yellow_taxi'],
    [
      'run yel from clean',
      ['run yellow_taxi from load', 'run yellow_taxi from clean_trips'],
      'run yellow_taxi from clean_trips',
    ],
    ['trips', ['code of clean_trips', 'trips_per_zone'], 'trips_per_zone'],
    ['ytx', ['yellow_taxi', 'orders'], 'yellow_taxi'],
    ['RUN', ['run a'], 'run a'],
  ])('%s', (typed, texts, expected) => expect(best(typed, texts)).toBe(expected));

  test('what has another order, or letters that are not there, does not fit', () => {
    expect(fuzzyScore('from run', 'run a from b')).toBeNull();
    expect(fuzzyScore('xyz', 'run')).toBeNull();
  });

  test('a text fits itself, each of its words, and its beginning', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z_]{1,8}$/), { minLength: 1, maxLength: 5 }),
        fc.nat(),
        (words, at) => {
          const text = words.join(' ');
          expect(fuzzyScore(text, text)).not.toBeNull();
          expect(fuzzyScore(words[at % words.length]!, text)).not.toBeNull();
          expect(fuzzyScore(text.slice(0, at % (text.length + 1)), text)).not.toBeNull();
        },
      ),
    );
  });
});
