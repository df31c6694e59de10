import type { Action } from '../tui/keys/action.ts';

/** Rows of the key table: where, keys, what; grouped by context in the order of the action table. */
export const keysTable = (actions: readonly Action[]): string[][] => {
  const contexts = [...new Set(actions.map(({ context }) => context))];
  return contexts.flatMap((context) =>
    actions
      .filter((action) => action.context === context)
      .map(({ keys, help }) => [context === 'global' ? 'everywhere' : context, keys.join(' '), help]),
  );
};
