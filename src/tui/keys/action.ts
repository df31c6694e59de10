import type { Effects } from '../effects/effects.ts';
import type { Event } from '../state/event.ts';
import type { Dialog, PaneId, State } from '../state/state.ts';

/** Where a key has its meaning: everywhere, in a pane that has the keys, or in a dialog, which takes them all. */
export type Context =
  | 'global'
  | PaneId
  | Dialog['kind']
  /** A field of the plan is being edited, a name typed to confirm. */
  | 'edit'
  | 'name';

/** What an action may touch. */
export type App = {
  state(): State;
  dispatch(event: Event): void;
  effects: Effects;
  quit(): void;
};

/** One record feeds the dispatcher, the footer, the help and the documentation. */
export type Action = {
  /** Stable, as `run.start`. */
  id: string;
  /** For the footer: one or two words. */
  title: string;
  /** For the help: what it does, in a sentence without a full stop. */
  help: string;
  /** Other words that one may look for it by, in the palette and in the list of keys. */
  also?: string;
  /** Names as the decoder gives them; the first is shown. */
  keys: readonly string[];
  context: Context;
  /** In place of the title, where the state says more: `edit line 14`. */
  titleNow?(state: State): string;
  /** Place in the footer, lowest first; without one it is in the help only. */
  footer?: number;
  /** Another place while that pane has the keys; null leaves it out. */
  footerIn?: Partial<Record<PaneId, number | null>>;
  /** Changes or stops something outside; never on a key that also moves somewhere else. */
  dangerous?: boolean;
  /** The same as a command line, for the command log; null where there is none. Asked before `run`. Effects say by themselves what they do. */
  command?(state: State): string | null;
  /** True, or why not now. */
  when?(state: State): true | string;
  run(app: App): void;
};
