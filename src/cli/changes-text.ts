import { changeLines } from '../draw/changes.ts';
import { visibleText } from '../draw/visible-text.ts';
import type { RunChanges } from '../model/run-changes.ts';

/**
 * What two runs differ in besides rows, as plain lines; the patches are such that `patch` takes them, but for control characters in
 * code other than tabs, which are shown as signs.
 */
export const changesText = (changes: RunChanges): string =>
  changeLines(changes)
    .map(({ text }) => `${text.split('\t').map(visibleText).join('\t')}\n`)
    .join('');
