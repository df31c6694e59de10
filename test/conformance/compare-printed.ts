import { type ExactJson, exactText } from './exact-json.ts';
import type { Difference } from './types.ts';

/** Characters at which the recorder cut a line. */
const cutAt = 400;

/** Lines of Mage itself and of its libraries among what was printed: not the project's, so not compared. */
const chatter: RegExp[] = [];

/**
 * The lines of the project's code, in order; more lines between them are fine. Mage logs every write as a line of its own, so
 * white space of any length counts as equal.
 */
export const comparePrinted = (
  expected: ExactJson | undefined,
  got: ExactJson | undefined,
  path: (string | number)[],
): Difference[] => {
  const gotText = ` ${joined(linesOf(got))} `;
  let from = 0;
  for (const [index, line] of linesOf(expected).entries()) {
    if (chatter.some((pattern) => pattern.test(line))) continue;
    const wanted = joined([line]);
    const at = gotText.indexOf(line.length >= cutAt ? ` ${wanted}` : ` ${wanted} `, from);
    if (wanted !== '' && at < 0) return [{ path: [...path, index], expected: line, got: got ?? undefined }];
    if (wanted !== '') from = at + wanted.length + 1;
  }
  return [];
};

const linesOf = (value: ExactJson | undefined): string[] =>
  Array.isArray(value) ? value.map((line) => (typeof line === 'string' ? line : exactText(line))) : [];

const joined = (lines: string[]): string => lines.join(' ').trim().replaceAll(/\s+/g, ' ');
