import type { Action, App } from '../keys/action.ts';

/** What the palette offers: an action of the table, or something done to a pipeline, a block, a run, a table. */
export type PaletteEntry = {
  /** What one types to find it, and what is shown. */
  title: string;
  /** Other words that find it; not shown. */
  also?: string;
  /** What it is about: `pipeline`, `12 runs`. */
  hint: string;
  /** The action that a key would run for the same; shows its key. */
  action?: Action;
  /** Why not now. */
  disabled?: string;
  run(app: App): void;
};
