import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFrameClock } from '../../../src/tui/term/frame-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Frames that are drawn in ten seconds in which something changes every 5 ms, each of so many bytes. */
const framesInTenSeconds = async (bytes: number, isSlow = false): Promise<number> => {
  const draw = vi.fn();
  const clock = createFrameClock(draw, { isSlow: () => isSlow, bytes: () => bytes });
  clock.now();
  clock.settle();
  await vi.advanceTimersByTimeAsync(0);
  for (let at = 0; at < 10_000; at += 5) {
    clock.soon();
    await vi.advanceTimersByTimeAsync(5);
  }
  clock.stop();
  return draw.mock.calls.length;
};

test('the background gets 10 frames a second, fewer where a frame is large or the terminal slow', async () => {
  const small = await framesInTenSeconds(100);
  expect(small).toBeGreaterThan(90);
  expect(small).toBeLessThanOrEqual(101);
  for (const bytes of [1_000, 1_300]) expect((await framesInTenSeconds(bytes)) * bytes).toBeLessThan(95_000);
  // A large change is not held up for longer than this.
  expect(await framesInTenSeconds(100_000)).toBeGreaterThan(60);
  expect(await framesInTenSeconds(100, true)).toBeLessThanOrEqual(21);
});

test('a key draws at once, however large the last frame was, and nothing is drawn before the first picture', async () => {
  const draw = vi.fn();
  const clock = createFrameClock(draw, { isSlow: () => false, bytes: () => 100_000 });
  clock.soon();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(draw).not.toHaveBeenCalled();
  for (let key = 1; key <= 5; key++) {
    clock.now();
    await vi.advanceTimersByTimeAsync(1);
    expect(draw).toHaveBeenCalledTimes(key);
  }
  clock.stop();
});
