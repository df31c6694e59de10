import type { ExactJson } from './exact-json.ts';

/** A place in which wand differs from Mage on purpose (decisions.md 28). */
export type DocumentedDifference = {
  case: string;
  /** Number of the step, from 0. */
  step: number;
  /** `$` is the step. */
  path: string;
  /** Which rule of mage-format.md 14 asks for it. */
  rule: string;
  /** Exactly what wand gives there; undefined = nothing. */
  wand: ExactJson | undefined;
};

/** Checked for exactly these values: anything else, also Mage's own value, is a failure. */
export const documentedDifferences: DocumentedDifference[] = [];
