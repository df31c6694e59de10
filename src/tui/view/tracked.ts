import type { State } from '../state/state.ts';

type Reads = Map<PropertyKey, unknown>;

/**
 * Draws again only if something of the state has changed that the last drawing has read, or one of the other arguments. What was read is
 * noted while it draws, so that a drawing that comes to read more needs no list of its inputs. It must depend on its arguments alone.
 */
export const tracked = <Rest extends readonly unknown[], Result>(
  draw: (state: State, ...rest: Rest) => Result,
): ((state: State, ...rest: Rest) => Result) => {
  let last: { reads: Reads; rest: Rest; result: Result } | undefined;
  return (state, ...rest) => {
    if (last && sameValues(last.rest, rest) && stillTrue(last.reads, state)) return last.result;
    const reads: Reads = new Map();
    const result = draw(noting(state, reads), ...rest);
    last = { reads, rest, result };
    return result;
  };
};

const noting = (state: State, reads: Reads): State =>
  new Proxy(state, {
    get: (target, key) => {
      const value = Reflect.get(target, key);
      reads.set(key, value);
      return value;
    },
  });

const stillTrue = (reads: Reads, state: State): boolean => {
  for (const [key, value] of reads) if (Reflect.get(state, key) !== value) return false;
  return true;
};

const sameValues = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);
