import { oneStep } from '../state/history.ts';
import type { App } from './action.ts';
import { actionFor, activeActions } from './actions.ts';
import type { Key } from './decode.ts';
import { keysOf } from './keymap.ts';
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
  const name = state.prefix === null ? key.name : `${state.prefix} ${key.name}`;
  if (state.prefix !== null) app.dispatch({ type: 'prefixed', prefix: null });
  const action = actionFor(state, name);
  if (!action) {
    if (state.prefix === null && begins(app, state, name)) return;
    if (state.prefix !== null && key.name === 'esc') return;
    if (!(state.dialog && typeInDialog(app, state.dialog, key))) unknownKey(app, name);
    return;
  }
  const reason = action.when?.(state) ?? true;
  if (reason === true) {
    const line = action.command?.(state);
    action.run(app);
    const history = oneStep(state, app.state());
    if (history && action.id !== 'history.back' && action.id !== 'history.forward')
      app.dispatch({ type: 'historyJoined', history });
    if (line) app.dispatch({ type: 'commanded', time: Date.now(), title: action.title, line });
  } else app.dispatch({ type: 'status', status: { text: `${name}: ${reason}`, kind: 'warning' } });
};

/** The first of two keys: the second ones are shown, first of those that do something now. */
const begins = ({ dispatch }: App, state: ReturnType<App['state']>, first: string): boolean => {
  const seconds = activeActions(state).flatMap((action) =>
    keysOf(action, state.keymap)
      .filter((key) => key.startsWith(`${first} `))
      .map((key) => ({ text: `${key.slice(first.length + 1)} ${action.title}`, now: action.when?.(state) ?? true })),
  );
  const possible = seconds.filter(({ now }) => now === true);
  const further = (possible.length > 0 ? possible : seconds).map(({ text }) => text);
  if (further.length === 0) return false;
  dispatch({ type: 'prefixed', prefix: first });
  dispatch({ type: 'status', status: { text: `${first} …  ${further.join('  ')}`, kind: 'info' } });
  return true;
};

const unknownKey = ({ dispatch }: App, name: string): void => {
  if (name === 'paste') return;
  dispatch({ type: 'status', status: { text: `${name} does nothing here, ? lists the keys`, kind: 'warning' } });
};
