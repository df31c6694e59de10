/** Variables as a block sees them: a tagged datetime becomes a Date, at any depth. */
export const blockVariables = (variables: Record<string, unknown>): Record<string, unknown> =>
  revived(variables) as Record<string, unknown>;

const revived = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]![0] === '$datetime') return new Date(String(entries[0]![1]));
  return Object.fromEntries(entries.map(([name, inner]) => [name, revived(inner)]));
};
