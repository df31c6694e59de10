/** First row to show so that `selected` is in view, in the middle where the list allows it. */
export const windowTop = (count: number, height: number, selected: number): number =>
  Math.max(0, Math.min(count - height, selected - (height >> 1)));

/** The old first row if the cursor is still in view from there, else moved as little as needed. */
export const followCursor = (top: number, height: number, cursor: number, count: number): number => {
  const moved = cursor < top ? cursor : cursor >= top + height ? cursor - height + 1 : top;
  return Math.max(0, Math.min(moved, Math.max(0, count - height)));
};
