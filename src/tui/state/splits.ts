/** How the reader has set the edges between panes; null where they stand by themselves. Shares, so that they fit another terminal too. */
export type Splits = {
  /** Share of the height that the upper pane has, from 0 to 1. */
  upper: number | null;
  /** Share of the height of the lists that the pipelines have. */
  tree: number | null;
  /** Share of the width that the lists have. */
  lists: number | null;
};

export const noSplits: Splits = { upper: null, tree: null, lists: null };

/** Of whatever a file holds: shares that are numbers between 0 and 1. */
export const splitsOf = (value: Record<string, unknown>): Splits => {
  const share = (part: unknown): number | null => (typeof part === 'number' && part > 0 && part < 1 ? part : null);
  return { upper: share(value.upper), tree: share(value.tree), lists: share(value.lists) };
};
