import { expect, test } from 'vitest';
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
  const first = once('runs', async () => {
    await gate.promise;
    done.push('first');
  });
  await Promise.resolve();
  for (const name of ['second', 'third', 'fourth']) {
    void once('runs', async () => {
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
  await once('runs', failing);
  await once('runs', failing);
  let other = false;
  await once('code', async () => {
    other = true;
  });
  once.close();
  expect(asked).toBe(1);
  expect(errors).toHaveLength(1);
  expect(other).toBe(true);
});
