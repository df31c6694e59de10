import { describe, expect, test } from 'vitest';
import type { Context } from '../../../src/tui/keys/action.ts';
import { actions, contextNames } from '../../../src/tui/keys/actions.ts';
import { dialogContexts } from '../../../src/tui/keys/keymap.ts';

const panes: Context[] = ['tree', 'graph', 'runs', 'logs', 'data', 'code', 'time', 'details', 'failure'];

/** What has the keys at the same time: a pane together with what works everywhere, or a dialog alone. */
const together: Context[][] = [
  ...panes.map((pane): Context[] => [pane, 'global']),
  ...dialogContexts.map((dialog) => [dialog]),
];

describe('the action table', () => {
  test('every context is a pane, a dialog or everywhere', () => {
    expect(new Set(Object.keys(contextNames))).toEqual(new Set(['global', ...panes, ...dialogContexts]));
  });

  test.each(together.map((contexts) => [contexts.join(' + '), contexts] as const))(
    'no key has two meanings in %s',
    (_name, contexts) => {
      const meanings = new Map<string, string>();
      for (const { id, keys } of actions.filter(({ context }) => contexts.includes(context))) {
        for (const key of keys) {
          expect(meanings.get(key), `${key} means ${meanings.get(key)} and ${id}`).toBeUndefined();
          meanings.set(key, id);
        }
      }
      expect(meanings.size).toBeGreaterThan(0);
    },
  );

  test('ids are unique and every action says what it does', () => {
    expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
    for (const { help, title, keys } of actions) {
      expect(help.length).toBeGreaterThan(0);
      expect(help.endsWith('.')).toBe(false);
      expect(title.length).toBeGreaterThan(0);
      expect(keys.length).toBeGreaterThan(0);
    }
  });

  test('nothing dangerous is on a key that moves somewhere else', () => {
    const moving = new Set(
      actions.filter(({ id }) => /down|up|left|right|top|bottom/.test(id)).flatMap(({ keys }) => keys),
    );
    for (const { id, keys, dangerous } of actions) {
      if (dangerous) for (const key of keys) expect(moving.has(key), `${id} on ${key}`).toBe(false);
    }
  });

  test('every key can be typed on any terminal', () => {
    const plain =
      /^(z )?([\x21-\x7e]|ctrl-[a-z]|tab|shift-tab|space|enter|esc|up|down|left|right|home|end|pageup|pagedown|f1)$/;
    for (const { keys } of actions) for (const key of keys) expect(key).toMatch(plain);
  });
});
