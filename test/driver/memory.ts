import type { Memory } from '../../src/tui/ui-file.ts';

/** What a workbench keeps for the next one, without a file: as JSON would give it back. */
export const memoryOf = (): Memory => {
  let kept: unknown = null;
  return {
    read: () => kept,
    write: (value) => {
      kept = JSON.parse(JSON.stringify(value));
    },
  };
};
