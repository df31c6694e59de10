import type { Problem } from '../../model/problem.ts';
import { WandError } from '../../problem/wand-error.ts';
import { parseYaml } from '../../project/yaml.ts';
import { dataDialogKinds } from '../state/data-dialog.ts';
import type { Action, Context } from './action.ts';

/** Keys by action id, in place of the built-in ones; no keys take an action off the keyboard. */
export type Keymap = ReadonlyMap<string, readonly string[]>;

export const noKeymap: Keymap = new Map();

export const keysOf = ({ id, keys }: Pick<Action, 'id' | 'keys'>, keymap: Keymap): readonly string[] =>
  keymap.get(id) ?? keys;

/** Names the decoder gives: a character, a named key, or ctrl with a letter. */
const keyName =
  /^(z )?((alt-)?[\x21-\x7e]|space|ctrl-[a-gk-ln-z]|tab|shift-tab|enter|esc|backspace|delete|insert|(ctrl-|shift-)?(up|down|left|right|home|end|pageup|pagedown)|f[1-4])$/;

/** Without these nobody finds out again. */
const fixed = new Set(['quit']);

export type ReadKeymap = { keymap: Keymap; problems: Problem[] };

/**
 * Reads `keys.yaml`: a mapping of action ids to a key or a list of keys. What is wrong is left out and reported with its line: unknown
 * actions and keys, and keys that would mean two things in one place.
 */
export const parseKeymap = (text: string, file: string, actions: readonly Action[]): ReadKeymap => {
  const problems: Problem[] = [];
  const wrong = (line: number, message: string, fix?: string): void => {
    problems.push({ severity: 'error', file, line, message, ...(fix ? { fix } : {}) });
  };
  let document: ReturnType<typeof parseYaml>;
  try {
    document = parseYaml(text, { file });
  } catch (error) {
    const { message, line = 1 } = error as WandError;
    if (!(error instanceof WandError)) throw error;
    wrong(line, message);
    return { keymap: noKeymap, problems };
  }
  const { value, lineOf } = document;
  if (value === null) return { keymap: noKeymap, problems };
  if (typeof value !== 'object' || Array.isArray(value)) {
    wrong(1, 'expected a mapping of action ids to keys', 'for example `run.start: ctrl-x`; wand keys lists the ids');
    return { keymap: noKeymap, problems };
  }
  for (const { message, line } of document.warnings) wrong(line ?? 1, message);
  const keymap = new Map<string, readonly string[]>();
  for (const [id, given] of Object.entries(value)) {
    const line = lineOf(id);
    const action = actions.find((candidate) => candidate.id === id);
    const keys = keysFrom(given);
    const strange = keys?.find((key) => !keyName.test(key));
    if (!action) wrong(line, `there is no action ${id}`, nearest(id, actions));
    else if (fixed.has(id)) wrong(line, `${id} stays on ${action.keys.join(' ')}`);
    else if (!keys) wrong(line, `${id}: expected a key or a list of keys`, 'for example `[j, down]`');
    else if (strange !== undefined) wrong(line, `${id}: no key is called ${strange}`, 'a character, ctrl-x, up, f1, …');
    else keymap.set(id, keys);
  }
  takeOutConflicts(keymap, actions, (id, message) => wrong(lineOf(id), message));
  return { keymap, problems };
};

const keysFrom = (given: unknown): string[] | null => {
  const list = given === null ? [] : Array.isArray(given) ? given : [given];
  return list.every((key) => typeof key === 'string' || typeof key === 'number') ? list.map(String) : null;
};

const nearest = (id: string, actions: readonly Action[]): string => {
  const part = id.split('.').at(-1)!;
  const like = actions.filter((action) => action.id.includes(part)).slice(0, 3);
  return like.length > 0 ? `perhaps ${like.map((action) => action.id).join(', ')}` : 'wand keys lists the ids';
};

/** Takes out entries until no key means two things at once; each is reported with both actions. */
const takeOutConflicts = (
  keymap: Map<string, readonly string[]>,
  actions: readonly Action[],
  report: (id: string, message: string) => void,
): void => {
  for (let conflict = firstConflict(actions, keymap); conflict; conflict = firstConflict(actions, keymap)) {
    const { key, one, other } = conflict;
    const blamed = keymap.has(other.id) ? other : one;
    const kept = blamed === other ? one : other;
    report(blamed.id, `${key} means ${kept.id} and ${blamed.id} at the same time; ${blamed.id} keeps its own keys`);
    keymap.delete(blamed.id);
  }
};

type Conflict = { key: string; one: Action; other: Action };

/** Two actions with one key in contexts that have the keys together: a pane and what works everywhere, or a dialog. */
export const firstConflict = (actions: readonly Action[], keymap: Keymap): Conflict | null => {
  const byKey = new Map<string, Action[]>();
  for (const action of actions) {
    for (const key of keysOf(action, keymap)) {
      const others = byKey.get(key) ?? [];
      for (const one of others)
        if (one !== action && meet(one.context, action.context)) return { key, one, other: action };
      byKey.set(key, [...others, action]);
    }
  }
  return null;
};

export const dialogContexts: readonly Context[] = [
  'help',
  'confirm',
  'name',
  'tables',
  'palette',
  'plan',
  'edit',
  'copy',
  'commands',
  'similar',
  ...dataDialogKinds,
];

const isDialog = (context: Context): boolean => dialogContexts.includes(context);

const meet = (one: Context, other: Context): boolean => {
  if (one === other) return true;
  if (one === 'global') return !isDialog(other);
  return other === 'global' && !isDialog(one);
};
