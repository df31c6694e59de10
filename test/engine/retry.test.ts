import { expect, test } from 'vitest';
import { nextDelay, retryPolicy } from '../../src/engine/retry.ts';

const delays = (config: Record<string, unknown>): number[] => {
  const found: number[] = [];
  for (let failure = 1; ; failure += 1) {
    const delay = nextDelay(retryPolicy(config), failure);
    if (delay === null) return found;
    found.push(delay);
  }
};

test('a block without retry_config is tried once', () => expect(delays({})).toEqual([]));
test('waits double', () => expect(delays({ retries: 3, delay: 1 })).toEqual([1, 2, 4]));
test('waits stay equal without backoff', () =>
  expect(delays({ retries: 3, delay: 2, exponential_backoff: false })).toEqual([2, 2, 2]));
test('max_delay bounds the sum of the waits, as in Mage: ten retries with defaults are four attempts', () =>
  expect(delays({ retries: 10 })).toEqual([5, 10, 20]));
test('the command line overrides the number of retries', () =>
  expect(nextDelay(retryPolicy({ retries: 0 }, 1), 1)).toBe(5));
