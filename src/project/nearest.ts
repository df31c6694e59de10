/** Names close enough to what was typed to be meant by it, best first, at most three: few edits, or one holds the other. */
export const nearest = (typed: string, names: readonly string[]): string[] => {
  const wanted = typed.toLowerCase();
  return names
    .map((name) => ({ name, distance: closeness(wanted, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
};

const closeness = (wanted: string, name: string): number => {
  if (wanted.length >= 3 && (name.includes(wanted) || wanted.includes(name))) return 1;
  return Math.abs(wanted.length - name.length) > 8 ? Number.POSITIVE_INFINITY : editDistance(wanted, name);
};

const editDistance = (a: string, b: string): number => {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const change = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, above[column]! + 1, current[column - 1]! + 1));
    }
    above = current;
  }
  return above[b.length]!;
};
