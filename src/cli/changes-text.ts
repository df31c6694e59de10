import { changeLines } from '../draw/changes.ts';
import { visibleText } from '../draw/visible-text.ts';
import type { RunChanges } from '../model/run-changes.ts';

/** What two runs differ in besides rows, as plain lines; the patches are such that `patch` takes them. */
export const changesText = (changes: RunChanges): string =>
  changeLines(changes)
    .map(({ text }) => `${visibleText(text)}\n`)
    .join('');
