import type { App } from './action.ts';
import { actionFor } from './actions.ts';
import type { Key } from './decode.ts';
import { typeInDialog, typeInInput } from './typing.ts';

/** One key: into what is being typed, else the action bound to it here. What cannot be done now says why. */
export const dispatchKey = (app: App, key: Key): void => {
  const state = app.state();
  if (state.status) app.dispatch({ type: 'status', status: null });
  if (key.name === 'ctrl-c') {
    app.quit();
    return;
  }
  if (state.input) {
    typeInInput(app, state.input, key);
    return;
  }
  const action = actionFor(state, key.name);
  if (!action) {
    if (!(state.dialog && typeInDialog(app, state.dialog, key))) unknownKey(app, key);
    return;
  }
  const reason = action.when?.(state) ?? true;
  if (reason === true) {
    const line = action.command?.(state);
    action.run(app);
    if (line) app.dispatch({ type: 'commanded', time: Date.now(), title: action.title, line });
  } else app.dispatch({ type: 'status', status: { text: `${key.name}: ${reason}`, kind: 'warning' } });
};

const unknownKey = ({ dispatch }: App, { name }: Key): void => {
  if (name === 'paste') return;
  dispatch({ type: 'status', status: { text: `${name} does nothing here, ? lists the keys`, kind: 'warning' } });
};
