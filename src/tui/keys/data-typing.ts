import type { DataDialog } from '../state/data-dialog.ts';
import { edit } from '../state/line-edit.ts';
import type { App } from './action.ts';
import type { Key } from './decode.ts';

/** Typing into a dialog of the data pane; false where it takes none, or the key types nothing. */
export const typeInDataDialog = ({ dispatch }: App, dialog: DataDialog, key: Key): boolean => {
  if (dialog.kind === 'prompt') {
    const line = edit(dialog.line, key);
    if (line) dispatch({ type: 'dialog', dialog: { ...dialog, line, draft: line.text, back: -1, error: null } });
    return line !== null;
  }
  if (dialog.kind === 'columns') {
    const filter = edit(dialog.filter, key);
    if (filter) dispatch({ type: 'dialog', dialog: { ...dialog, filter, cursor: 0 } });
    return filter !== null;
  }
  if (dialog.kind === 'export' && !dialog.busy) {
    const path = edit(dialog.path, key);
    if (path) dispatch({ type: 'dialog', dialog: { ...dialog, path, replace: false, trouble: null } });
    return path !== null;
  }
  if (dialog.kind === 'console' && !dialog.busy) {
    const typed = edit(dialog.typed, key, { lines: true });
    const isMoved = typed?.text === dialog.typed.text;
    if (typed)
      dispatch({
        type: 'dialog',
        dialog: { ...dialog, typed, ...(isMoved ? {} : { draft: typed.text, back: -1, trouble: null, answer: null }) },
      });
    return typed !== null;
  }
  return false;
};
