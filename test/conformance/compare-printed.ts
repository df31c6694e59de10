import { type ExactJson, exactText } from './exact-json.ts';
import type { Difference } from './types.ts';

/** Characters at which the recorder cut a line. */
const cutAt = 400;

/** Lines of Mage itself and of its libraries among what was printed: not the project's, so not compared. */
const chatter = [
  /^={10,}$/,
  /^(\[ERROR\] )?FAIL: /,
  /^Traceback \(most recent call last\):$/,
  /^\s+File "/,
  /^\s{4}/,
  /^\tIs the server running on that host/,
  /^psycopg2\.OperationalError: /,
  /^Exporting data from upstream block \S+ to \S+\.$/,
  /^No data in upstream block \S+\.$/,
  /^Invalid datatype provided: /,
  /^WARNING: Could not find secret value for secret /,
  /^Error loading custom_object at /,
  /^\[ERROR\] Parsing block_output function: /,
  /^\[ERROR\] File\.content: /,
  /^\[ERROR\] Block \S+ timed out after \d+ seconds$/,
  /^Conditional block \S+ evaluated as (True|False) for block \S+$/,
  /^Conditional block\(s\) returned false for \S+ This block run and downstream blocks will be set as CONDITION_FAILED\.$/,
  /^\[EXCEPTION\] Failed to execute (conditional|on_success callback|on_failure callback) block \S+ for block \S+\.$/,
  /^Sensor sleeping for 1 minute\.\.\.$/,
  // How often a block polls the run it has started, and the steps of a data product, are Mage's own.
  /^Pipeline run \d+ for pipeline \S+: \w+\.$/,
  /^(Number of blocks|Block runs currently running) that use Global Data Product \S+: \d+$/,
  /^Pipeline run \d+ for global data product \S+: \w+\.$/,
  /^Pipeline runs for global data product \S+ already exist and are currently running: \d+ \(\S+\)\.$/,
  /^Created pipeline run \d+ for global data product \S+\.$/,
  /^Round \d+: status check for global data product \S+, finished; will check again after \d+ seconds\.$/,
  /^No pipeline run for global data product \S+ was created after attempt \d+ by block \S+ $/,
  /^Global data product \S+ is up-to-date: most recent pipeline run \d+ executed at /,
];

/**
 * The lines of the project's code, in order; more lines between them are fine. Mage logs every write as a line of its own
 * (`print('one', 2)` is two), so white space does not count; but a line begins where a word begins or where the line before it
 * ended, and ends likewise.
 */
export const comparePrinted = (
  expected: ExactJson | undefined,
  got: ExactJson | undefined,
  path: (string | number)[],
): Difference[] => {
  const lines = ownLines(expected);
  const missing = firstMissing(
    lines.map(({ line }) => line),
    wordsOf(linesOf(got)),
  );
  if (missing === null) return [];
  const { index, line } = lines[missing]!;
  return [{ path: [...path, index], expected: line, got: got ?? undefined }];
};

type Printed = { text: string; edges: Set<number> };

/** All words in one text without white space, and the places between them. */
const wordsOf = (lines: string[]): Printed => {
  const words = lines.join('\n').split(/\s+/).filter(Boolean);
  const edges = new Set([0]);
  let length = 0;
  for (const word of words) {
    length += word.length;
    edges.add(length);
  }
  return { text: words.join(''), edges };
};

/** Index of the first line that is not there; null if all are. */
const firstMissing = (lines: string[], printed: Printed): number | null => {
  let furthest = 0;
  const fits = (index: number, from: number, openEnd: boolean): boolean => {
    furthest = Math.max(furthest, index);
    const line = lines[index];
    if (line === undefined) return !openEnd;
    const wanted = line.replaceAll(/\s+/g, '');
    for (let at = printed.text.indexOf(wanted, from); at >= 0; at = printed.text.indexOf(wanted, at + 1)) {
      if (openEnd && at !== from) return false;
      const end = at + wanted.length;
      const endsWord = printed.edges.has(end) || line.length >= cutAt;
      if ((at === from || printed.edges.has(at)) && fits(index + 1, end, !endsWord)) return true;
    }
    return false;
  };
  return fits(0, 0, false) ? null : Math.min(furthest, lines.length - 1);
};

/** Without Mage's chatter, and without the queries that its `load` echoes: each a line before one of three dots. */
export const ownLines = (printed: ExactJson | undefined): { line: string; index: number }[] =>
  linesOf(printed)
    .map((line, index) => ({ line, index }))
    .filter(
      ({ line, index }, _, lines) =>
        line.trim() !== '' &&
        line !== '...' &&
        lines[index + 1]?.line !== '...' &&
        !chatter.some((pattern) => pattern.test(line)),
    );

const linesOf = (value: ExactJson | undefined): string[] =>
  Array.isArray(value) ? value.map((line) => (typeof line === 'string' ? line : exactText(line))) : [];
