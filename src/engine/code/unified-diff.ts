/** Lines of context round each change. */
const context = 3;
/** Beyond so many changed lines a diff by steps takes too long, and nobody reads it: the parts that differ stand whole. */
const mostSteps = 1_000;

type Line = { sign: ' ' | '-' | '+'; text: string };

/** Two texts as a unified diff: hunks with `@@` heads, without the lines that name the files. Empty where they are the same. */
export const unifiedDiff = (left: string, right: string): string[] => {
  const lines = changesOf(linesOf(left), linesOf(right));
  return hunksOf(lines).flatMap(({ from, to }) => {
    const [before, inside] = [lines.slice(0, from), lines.slice(from, to)];
    const range = (other: '-' | '+'): string => {
      const count = inside.filter(({ sign }) => sign !== other).length;
      const start = before.filter(({ sign }) => sign !== other).length;
      // An empty range is said to begin after the line before it.
      return `${count === 0 ? start : start + 1}${count === 1 ? '' : `,${count}`}`;
    };
    return [`@@ -${range('+')} +${range('-')} @@`, ...inside.map(({ sign, text }) => sign + text)];
  });
};

/** A last line without a line end says so, as `diff` does: it is another line than the same text with one. */
const linesOf = (text: string): string[] => {
  if (text === '') return [];
  const lines = text.split('\n');
  const last = lines.pop()!;
  return last === '' ? lines : [...lines, `${last}\n\\ No newline at end of file`];
};

const changesOf = (left: readonly string[], right: readonly string[]): Line[] => {
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let end = 0;
  const most = Math.min(left.length, right.length) - start;
  while (end < most && left[left.length - 1 - end] === right[right.length - 1 - end]) end += 1;
  const same = (text: string): Line => ({ sign: ' ', text });
  return [
    ...left.slice(0, start).map(same),
    ...shortest(left.slice(start, left.length - end), right.slice(start, right.length - end)),
    ...left.slice(left.length - end).map(same),
  ];
};

/** Myers, An O(ND) Difference Algorithm: the fewest lines taken out and put in. */
const shortest = (left: readonly string[], right: readonly string[]): Line[] => {
  const most = Math.min(mostSteps, left.length + right.length);
  let reach = new Map([[1, 0]]);
  const trail: Map<number, number>[] = [];
  for (let steps = 0; steps <= most; steps++) {
    trail.push(reach);
    const next = new Map(reach);
    for (let diagonal = -steps; diagonal <= steps; diagonal += 2) {
      let x = fromAbove(reach, diagonal, steps) ? reach.get(diagonal + 1)! : reach.get(diagonal - 1)! + 1;
      while (x < left.length && x - diagonal < right.length && left[x] === right[x - diagonal]) x += 1;
      next.set(diagonal, x);
      if (x >= left.length && x - diagonal >= right.length) return walkedBack(trail, left, right);
    }
    reach = next;
  }
  return [...left.map((text): Line => ({ sign: '-', text })), ...right.map((text): Line => ({ sign: '+', text }))];
};

/** Whether the furthest path on a diagonal comes from a line put in rather than from one taken out. */
const fromAbove = (reach: ReadonlyMap<number, number>, diagonal: number, steps: number): boolean =>
  diagonal === -steps || (diagonal !== steps && reach.get(diagonal - 1)! < reach.get(diagonal + 1)!);

const walkedBack = (
  trail: readonly ReadonlyMap<number, number>[],
  left: readonly string[],
  right: readonly string[],
): Line[] => {
  const lines: Line[] = [];
  let [x, y] = [left.length, right.length];
  for (let steps = trail.length - 1; steps >= 0; steps--) {
    const reach = trail[steps]!;
    const diagonal = x - y;
    const before = fromAbove(reach, diagonal, steps) ? diagonal + 1 : diagonal - 1;
    const [fromX, fromY] = [reach.get(before)!, reach.get(before)! - before];
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      lines.push({ sign: ' ', text: left[x - 1]! });
      x -= 1;
      y -= 1;
    }
    if (steps === 0) break;
    if (x === fromX) lines.push({ sign: '+', text: right[y - 1]! });
    else lines.push({ sign: '-', text: left[x - 1]! });
    [x, y] = [fromX, fromY];
  }
  return lines.reverse();
};

/** Stretches of changed lines with the lines round them; those that meet are one. */
const hunksOf = (lines: readonly Line[]): { from: number; to: number }[] => {
  const hunks: { from: number; to: number }[] = [];
  for (const [index, { sign }] of lines.entries()) {
    if (sign === ' ') continue;
    const [from, to] = [Math.max(0, index - context), Math.min(lines.length, index + context + 1)];
    const last = hunks.at(-1);
    if (last && from <= last.to) last.to = to;
    else hunks.push({ from, to });
  }
  return hunks;
};
