import { expect, test } from 'vitest';
import { paletteCursor } from '../../../src/tui/palette/entries.ts';
import type { PaletteEntry } from '../../../src/tui/palette/entry.ts';

const entries = (...titles: string[]): PaletteEntry[] =>
  titles.map((title) => ({ title, hint: '', run: () => undefined }));
const at = (under: string | null, cursor: number) => ({
  kind: 'palette' as const,
  id: 1,
  text: '',
  tables: null,
  under,
  cursor,
});

test('the cursor goes with its entry when others come and go, and stands where it was when that is gone', () => {
  expect(paletteCursor(entries('a', 'b', 'c'), at('b', 1))).toBe(1);
  expect(paletteCursor(entries('new', 'a', 'b', 'c'), at('b', 1))).toBe(2);
  expect(paletteCursor(entries('b'), at('b', 1))).toBe(0);
  expect(paletteCursor(entries('a', 'c'), at('b', 1))).toBe(1);
  expect(paletteCursor(entries('a'), at('b', 1))).toBe(0);
  expect(paletteCursor([], at('b', 1))).toBe(0);
  // Not moved yet: the best one, whichever that is now.
  expect(paletteCursor(entries('new', 'a'), at(null, 0))).toBe(0);
});
