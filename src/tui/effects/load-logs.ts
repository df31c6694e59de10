import type { LogPage } from '../../model/run.ts';
import { WandError } from '../../problem/wand-error.ts';
import type { LogLooked } from '../state/event.ts';
import type { LogLook, LogSeek } from '../state/log-state.ts';
import { pageLines, wantedSide } from '../state/log-window.ts';
import { logQuery } from '../state/select.ts';
import type { State } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { paneInner } from '../view/pane-size.ts';
import type { WorkbenchSource } from '../workbench-source.ts';
import { troubleOf } from './effects.ts';
import type { Once } from './once.ts';

/** New lines asked for at once; while more came in between the pane goes to the new end. */
const mostNew = 1_000;
const beyondEnd = Number.MAX_SAFE_INTEGER;

type LogLoader = {
  /** Fetches what the pane lacks; called after every change. */
  sync(state: State): void;
  /** The log has grown. */
  tail(): void;
};

export const createLogLoader = (source: WorkbenchSource, store: Store, once: Once): LogLoader => {
  const { dispatch } = store;
  /** One question at a time; what the state wants is looked up when its turn comes. */
  const ask = (what: string, key: string, work: (state: State) => Promise<void>): void =>
    void once.refresh(`log ${what} ${key}`, async () => {
      const state = store.state();
      if (state.logs.key !== key) return;
      try {
        await work(state);
      } catch (error) {
        // A pattern that is none stays so; anything else is tried again.
        if (!(error instanceof WandError && error.code === 'invalid-filter')) throw error;
        dispatch({ type: 'logFailed', key, trouble: troubleOf(error) });
      }
    });

  const page = (state: State, side: 'older' | 'newer', from: number, limit = pageLines): Promise<LogPage> =>
    source.logPage(state.runId!, { ...logQuery(state), side, from, limit });

  const seek = (key: string): void =>
    ask('seek', key, async (state) => {
      const { seek: wanted } = state.logs;
      if (!wanted) return;
      const [older, newer] = await pagesAt(state, wanted);
      dispatch({ type: 'logSought', key, seek: wanted, older, newer });
    });

  const pagesAt = (state: State, wanted: LogSeek): Promise<[LogPage | null, LogPage | null]> => {
    if (wanted.to === 'line') {
      return Promise.all([page(state, 'older', wanted.sequence), page(state, 'newer', wanted.sequence - 1)]);
    }
    if (wanted.to === 'end') return page(state, 'older', beyondEnd).then((older) => [older, null]);
    return page(state, 'newer', 0).then((newer) => [null, newer]);
  };

  const extend = (key: string): void =>
    ask('page', key, async (state) => {
      const side = sideOf(state);
      if (!side) return;
      const { lines, reached, reachedBack } = state.logs;
      const found = await page(state, side, side === 'older' ? reachedBack : reached);
      // Meanwhile the window may stand elsewhere.
      if (store.state().logs.lines === lines) dispatch({ type: 'logPaged', key, side, page: found });
    });

  const look = (key: string): void =>
    ask('look', key, async (state) => {
      const { look: wanted } = state.logs;
      if (!wanted) return;
      dispatch({ type: 'logLooked', key, look: wanted, ...(await found(state, wanted)) });
    });

  /** The store gives up a search that takes long: it says from where it can go on. */
  const found = async (state: State, wanted: LogLook): Promise<Pick<LogLooked, 'sequence' | 'stopped'>> => {
    const { for: what, side, from } = wanted;
    const more = what === 'error' ? ({ level: 'error' } as const) : { search: state.logs.search };
    const answer = await source.logPage(state.runId!, { ...logQuery(state), ...more, side, from, limit: 1 });
    const line = answer.lines[0];
    if (line) return { sequence: line.sequence, stopped: null };
    if (!answer.end) return { sequence: null, stopped: { ...wanted, from: answer.reached } };
    return wanted.wrapped ? { sequence: null, stopped: null } : found(state, fromOtherEnd(wanted));
  };

  const tail = (): void => {
    const { key } = store.state().logs;
    if (key === null) return;
    ask('tail', key, async (state) => {
      const { loaded, seek: wanted, atEnd, follow, reached, lines } = state.logs;
      if (!loaded || wanted) return;
      if (!atEnd || !follow) return void (atEnd && dispatch({ type: 'logGrew', key }));
      const found = await page(state, 'newer', reached, mostNew);
      const now = store.state().logs;
      if (now.lines !== lines || now.seek) return;
      dispatch({ type: 'logPaged', key, side: 'newer', page: found });
      if (!found.end && now.follow) dispatch({ type: 'logJumped', to: 'bottom' });
    });
  };

  return {
    sync: ({ logs }) => {
      const { key } = logs;
      if (key === null) return;
      if (logs.seek) seek(key);
      else if (logs.look) look(key);
      else if (sideOf(store.state())) extend(key);
    },
    tail,
  };
};

const sideOf = (state: State): 'older' | 'newer' | null => wantedSide(state.logs, paneInner(state, 'logs').height);

/** Round the end; a line that is looked at twice is found once. */
const fromOtherEnd = ({ side, ...look }: LogLook): LogLook => ({
  ...look,
  side,
  from: side === 'newer' ? 0 : beyondEnd,
  wrapped: true,
});
