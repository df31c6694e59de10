import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FieldKind, type Filterable, parseFilter } from '../../../src/tui/state/filter.ts';

const kinds: Record<string, FieldKind> = { state: 'text', dur: 'duration', rows: 'number' };
const rows: Filterable[] = [
  { name: 'yellow_taxi', fields: { state: 'failed', dur: 6 * 60_000, rows: 12_000 } },
  { name: 'green_taxi', fields: { state: 'completed', dur: 41, rows: 0 } },
  { name: 'orders', fields: { state: 'upstream_failed', dur: null, rows: null } },
];
const names = (text: string): string[] => rows.filter(parseFilter(text, kinds).matches).map(({ name }) => name);

describe('a filter', () => {
  test.each([
    ['', ['yellow_taxi', 'green_taxi', 'orders']],
    ['TAXI', ['yellow_taxi', 'green_taxi']],
    ['state:failed', ['yellow_taxi', 'orders']],
    ['state=failed', ['yellow_taxi']],
    ['state:failed dur>5m', ['yellow_taxi']],
    ['dur<1h', ['yellow_taxi', 'green_taxi']],
    ['dur<=41ms', ['green_taxi']],
    ['dur>=6m0s', ['yellow_taxi']],
    ['rows:12k', ['yellow_taxi']],
    ['-state:failed', ['green_taxi']],
    ['!taxi', ['orders']],
    ['taxi -green', ['yellow_taxi']],
    ['"yellow_taxi"', ['yellow_taxi']],
  ])('%s', (text, expected) => expect(names(text)).toEqual(expected));

  test.each([
    ['color:red', 'there is no field color: state, dur, rows'],
    ['dur>', 'dur> wants a value'],
    ['dur>soon', 'soon is no duration: 90s, 5m, 1h30m'],
    ['rows>many', 'many is no number: 12, 10k, 1.5M'],
    ['state>a', 'state is text: state:a'],
  ])('%s is said, and left out of account', (text, problem) => {
    expect(parseFilter(text, kinds).problem).toBe(problem);
    expect(names(`${text} orders`)).toEqual(['orders']);
  });

  test('a word and the same word with - part the rows in two, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const word = text.replace(/[\s"]/g, '').replace(/^[-!]+/, '');
        fc.pre(word !== '' && parseFilter(word, kinds).problem === null);
        expect([...names(word), ...names(`-${word}`)].sort()).toEqual(rows.map(({ name }) => name).sort());
      }),
    );
  });
});
