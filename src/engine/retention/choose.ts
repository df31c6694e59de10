import type { Limits } from './settings.ts';

/** Something that may go: `ageDays` since it was last of use; `isKept`: it stays whatever the limits say. */
export type Keepable = { ageDays: number; bytes: number; isKept: boolean };

/** What goes: all that is too old, then the oldest until the rest is within the size. What must stay counts too. */
export const choose = <Item extends Keepable>(items: Item[], { days, bytes }: Limits): Item[] => {
  const mayGo = items.filter(({ isKept }) => !isKept).toSorted((one, other) => other.ageDays - one.ageDays);
  let total = items.reduce((sum, item) => sum + item.bytes, 0);
  return mayGo.filter((item) => {
    const goes = (days !== null && item.ageDays > days) || (bytes !== null && total > bytes);
    if (goes) total -= item.bytes;
    return goes;
  });
};
