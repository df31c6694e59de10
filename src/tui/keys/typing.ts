import { firstTable } from '../state/catalog.ts';
import { isDataDialog } from '../state/data-dialog.ts';
import { editEnd } from '../state/line-edit.ts';
import type { Dialog, Input } from '../state/state.ts';
import type { App } from './action.ts';
import { typeInDataDialog } from './data-typing.ts';
import type { Key } from './decode.ts';

/** A filter or a search being typed: it works at once; esc takes it back. */
export const typeInInput = ({ state, dispatch }: App, input: Input, key: Key): void => {
  if (key.name === 'esc') {
    dispatch({ type: 'input', input: { ...input, text: input.before } });
    dispatch({ type: 'input', input: null });
    return;
  }
  if (key.name === 'enter') {
    dispatch({ type: 'input', input: null });
    if (input.pane === 'logs' && input.text !== '') dispatch({ type: 'logMatched', direction: 1 });
    if (input.pane === 'tree') dispatch({ type: 'treeMoved', by: 0 });
    return;
  }
  if (key.name === 'up' || key.name === 'down') {
    dispatch({ type: 'input', input: recalled(input, state().filters[input.pane], key.name === 'up' ? 1 : -1) });
    return;
  }
  const text = editEnd(input.text, key);
  if (text !== null) dispatch({ type: 'input', input: { pane: input.pane, before: input.before, text } });
};

/** What was typed before, older with up, newer with down; below the newest it is empty. */
const recalled = (input: Input, past: readonly string[], by: 1 | -1): Input => {
  const at = Math.max(-1, Math.min(past.length - 1, (input.recalled ?? -1) + by));
  const { pane, before } = input;
  return at === -1 ? { pane, before, text: '' } : { pane, before, text: past[at]!, recalled: at };
};

/** Typing in a dialog filters its list, or fills its field in. */
export const typeInDialog = (app: App, dialog: Dialog, key: Key): boolean => {
  if (isDataDialog(dialog)) return typeInDataDialog(app, dialog, key);
  const next = typedIn(dialog, (text) => editEnd(text, key));
  if (next) app.dispatch({ type: 'dialog', dialog: next });
  return next !== null;
};

const typedIn = (dialog: Dialog, edit: (text: string) => string | null): Dialog | null => {
  switch (dialog.kind) {
    case 'help':
    case 'tables': {
      const filter = edit(dialog.filter);
      if (filter === null) return null;
      if (dialog.kind === 'help') return { ...dialog, filter, top: 0 };
      return { ...dialog, filter, cursor: firstTable({ ...dialog, filter }) };
    }
    case 'palette': {
      const text = edit(dialog.text);
      return text === null ? null : { ...dialog, text, cursor: 0, under: null };
    }
    case 'plan': {
      const text = dialog.editing && edit(dialog.editing.text);
      return text === null ? null : { ...dialog, editing: { ...dialog.editing!, text, problem: null } };
    }
    case 'confirm': {
      const typed = dialog.name === undefined ? null : edit(dialog.typed ?? '');
      return typed === null ? null : { ...dialog, typed };
    }
    default:
      return null;
  }
};
