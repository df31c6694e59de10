import type { Input } from './input.ts';

export type BlockTest = { name: string; check: (...outputs: Input[]) => unknown };

const registry = Symbol.for('wand.tests');

/** The tests the block's file has declared. Held globally: see kinds.ts on two copies of this package. */
export const declaredTests = (): BlockTest[] => {
  const holder = globalThis as { [registry]?: BlockTest[] };
  holder[registry] ??= [];
  return holder[registry];
};

/**
 * Declares a test of the block's outputs, run after the block: `test('no empty trips', async (trips) => { assert(...) })`.
 * It gets all outputs, as a downstream block would. A test that throws has failed, and the block with it.
 */
export const test = (name: string, check: BlockTest['check']): void => {
  if (typeof name !== 'string' || typeof check !== 'function') throw new TypeError('test: needs a name and a function');
  declaredTests().push({ name, check });
};

/** Throws with this message unless the condition holds. */
export function assert(condition: unknown, message = 'assertion failed'): asserts condition {
  if (!condition) {
    const error = new Error(message);
    error.name = 'AssertionError';
    throw error;
  }
}
