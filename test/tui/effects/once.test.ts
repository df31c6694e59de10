import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createOnce } from '../../../src/tui/effects/once.ts';

const deferred = () => {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
};

const never = (): void => {
  throw new Error('not expected');
};

test('asked three times while it runs, it runs once more, with the newest question', async () => {
  const once = createOnce(never, never);
  const gate = deferred();
  const done: string[] = [];
  const first = once.refresh('runs', async () => {
    await gate.promise;
    done.push('first');
  });
  await Promise.resolve();
  for (const name of ['second', 'third', 'fourth']) {
    void once.refresh('runs', async () => {
      done.push(name);
    });
  }
  gate.resolve();
  await first;
  expect(done).toEqual(['first', 'fourth']);
});

test('what failed is reported once and rests, other keys go on', async () => {
  const errors: unknown[] = [];
  const once = createOnce((error) => errors.push(error), never);
  let asked = 0;
  const failing = async (): Promise<void> => {
    asked += 1;
    throw new Error('down');
  };
  await once.refresh('runs', failing);
  await once.refresh('runs', failing);
  let other = false;
  await once.refresh('code', async () => {
    other = true;
  });
  once.close();
  expect(asked).toBe(1);
  expect(errors).toHaveLength(1);
  expect(other).toBe(true);
});

describe('after a failure', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('it is done again, after ever longer rests, until it succeeds; then nothing is wrong any more', async () => {
    const recovered = vi.fn();
    const failed = vi.fn();
    const once = createOnce(failed, recovered);
    const began = Date.now();
    const at: number[] = [];
    void once.refresh('runs', async () => {
      at.push((Date.now() - began) / 1_000);
      if (at.length < 6) throw new Error('down');
    });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(at).toEqual([0, 2, 6, 14, 29, 44]);
    expect(failed).toHaveBeenCalledTimes(5);
    expect(recovered).toHaveBeenCalledTimes(1);
  });

  test('of what is asked while it rests the newest is done afterwards', async () => {
    const once = createOnce(() => undefined, never);
    const done: string[] = [];
    void once.refresh('runs', async () => {
      throw new Error('down');
    });
    await vi.advanceTimersByTimeAsync(500);
    void once.refresh('runs', async () => {
      done.push('second');
      throw new Error('still down');
    });
    void once.ask('runs', async () => void done.push('never'));
    expect(done).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(done).toEqual(['second']);
    once.close();
  });

  test('told that the cause may be gone it does not wait', async () => {
    const recovered = vi.fn();
    const once = createOnce(() => undefined, recovered);
    let down = true;
    const work = async (): Promise<void> => {
      if (down) throw new Error('down');
    };
    void once.refresh('runs', work);
    void once.ask('snapshot 1', work);
    await vi.advanceTimersByTimeAsync(100);
    down = false;
    once.hurry();
    await vi.advanceTimersByTimeAsync(0);
    expect(recovered).toHaveBeenCalledTimes(1);
    expect(once.isBusy()).toBe(false);
  });
});

test('asked while it is under way, what is only missing is not fetched twice', async () => {
  const once = createOnce(never, never);
  const gate = deferred();
  let times = 0;
  const work = async (): Promise<void> => {
    times += 1;
    await gate.promise;
  };
  const first = once.ask('code', work);
  await Promise.resolve();
  const second = once.ask('code', work);
  gate.resolve();
  await Promise.all([first, second]);
  expect(times).toBe(1);
});
