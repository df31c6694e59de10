import type { PaletteDialog } from '../state/dialog.ts';
import type { State } from '../state/state.ts';
import { actionEntries } from './action-entries.ts';
import type { PaletteEntry } from './entry.ts';
import { fuzzyScore } from './fuzzy.ts';
import { objectEntries } from './object-entries.ts';

const mostShown = 200;

/** Entries that fit what was typed, best first; with nothing typed the actions of this place. */
export const paletteEntries = (state: State, { text, tables }: PaletteDialog): PaletteEntry[] => {
  const typed = text.replace(/^\s*:/, '');
  const all = [...actionEntries(state), ...objectEntries(state, tables)];
  if (typed.trim() === '') return all.slice(0, mostShown);
  return all
    .flatMap((entry) => {
      const score = scoreOf(typed, entry);
      return score === null ? [] : [{ entry, score: score + likelihood(entry) }];
    })
    .sort((one, other) => other.score - one.score)
    .slice(0, mostShown)
    .map(({ entry }) => entry);
};

/** Where the cursor stands in the list as it is now: on its entry, wherever that has gone; where it is gone on what has come there. */
export const paletteCursor = (entries: readonly PaletteEntry[], { cursor, under }: PaletteDialog): number => {
  const last = Math.max(0, entries.length - 1);
  if (under === null || entries[cursor]?.title === under) return Math.min(last, cursor);
  const moved = entries.findIndex(({ title }) => title === under);
  return moved === -1 ? Math.min(last, cursor) : moved;
};

/** By its title, else by the other words that it goes by, which count for less. */
const scoreOf = (typed: string, { title, also }: PaletteEntry): number | null => {
  const score = fuzzyScore(typed, title);
  const other = also === undefined ? null : fuzzyScore(typed, also);
  if (other === null) return score;
  return Math.max(score ?? Number.NEGATIVE_INFINITY, other - 3);
};

/** Of two that fit alike the one that can be done, and has a key, is meant. */
const likelihood = ({ action, disabled }: PaletteEntry): number => (action ? 2 : 0) - (disabled === undefined ? 0 : 6);
