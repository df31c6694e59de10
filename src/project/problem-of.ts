import type { Problem } from '../model/problem.ts';
import { messageOf, WandError } from '../problem/wand-error.ts';

/** A thrown error as a Problem of severity error; `place` fills what the error does not know. */
export const problemOf = (error: unknown, place: Partial<Problem> = {}): Problem => {
  const known = error instanceof WandError ? error : undefined;
  const { file = place.file, line, fix } = known ?? {};
  return { ...place, severity: 'error', message: messageOf(error), ...defined({ file, line, fix }) };
};

const defined = (fields: Partial<Problem>): Partial<Problem> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
