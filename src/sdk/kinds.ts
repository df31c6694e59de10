/**
 * Marks the values this package makes. A registered symbol, because the program that runs a block and the block itself
 * may hold two copies of this package: an `instanceof` would not know the other's values.
 */
export const kind: unique symbol = Symbol.for('wand.kind') as never;

/** The mark of a value, or undefined if it is a user's own. */
export const kindOf = (value: unknown): string | undefined =>
  (typeof value === 'object' || typeof value === 'function') && value !== null && kind in value
    ? String((value as { [kind]: unknown })[kind])
    : undefined;

/** Where a value was made: the stack below the maker, for messages that point at the user's line. */
export const originHere = (maker: (...values: never[]) => unknown): string => {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, maker);
  return holder.stack ?? '';
};
