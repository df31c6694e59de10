import type { LogLineLook } from '../../draw/log.ts';
import { shownRun } from './select.ts';
import type { State } from './state.ts';

/** How lines of the log pane are drawn. */
export const logLook = (state: State, width: number): LogLineLook => {
  const { left, scope, search, time, wrap, folded, mark } = state.logs;
  return {
    width,
    left,
    named: scope === 'run',
    search,
    time,
    began: shownRun(state)?.startedAt ?? null,
    wrap,
    folded,
    mark,
  };
};
