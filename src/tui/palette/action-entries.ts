import type { Action } from '../keys/action.ts';
import { actions, contextNames } from '../keys/actions.ts';
import { dialogContexts } from '../keys/keymap.ts';
import { blockRun } from '../state/select.ts';
import type { PaneId, State } from '../state/state.ts';
import type { PaletteEntry } from './entry.ts';

/** This pane's actions, those that work everywhere, and those of other panes, which go there first. Steps by one row are for fingers only. */
export const actionEntries = (state: State): PaletteEntry[] =>
  actions
    .filter((action) => !dialogContexts.includes(action.context) && !isStep(action.id) && action.id !== 'palette.open')
    .filter(({ id, context }) => context === state.focus || !isEnd(id))
    .sort((one, other) => place(one, state) - place(other, state))
    .map((action) => {
      const pane = action.context === 'global' ? state.focus : (action.context as PaneId);
      const away = pane !== state.focus;
      const reason = away && pane === 'failure' ? hasFailed(state) : true;
      const when = reason === true ? (action.when?.({ ...state, focus: pane }) ?? true) : reason;
      return {
        title: sentence(action.help),
        ...(action.also ? { also: action.also } : {}),
        hint: away ? contextNames[action.context].toLowerCase() : '',
        action,
        ...(when === true ? {} : { disabled: when }),
        run: (app) => {
          if (away) app.dispatch({ type: 'focused', pane });
          action.run(app);
        },
      };
    });

const hasFailed = (state: State): true | string =>
  blockRun(state, state.block)?.error ? true : 'the selected block has not failed';

/** What the footer shows comes first, then what works in this pane, everywhere, elsewhere. */
const place = ({ context, footer }: Action, { focus }: State): number => {
  const where = context === focus ? 0 : context === 'global' ? 1 : 2;
  return where === 2 ? 1_000 : (footer ?? 100) + where;
};

const isStep = (id: string): boolean => /\.(down|up|left|right|half-down|half-up|page-down|page-up)$/.test(id);

const isEnd = (id: string): boolean => /\.(top|bottom|first|last)$/.test(id);

const sentence = (help: string): string => help.charAt(0).toLowerCase() + help.slice(1);
