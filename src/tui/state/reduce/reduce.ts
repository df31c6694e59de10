import type { Event, Reducer } from '../event.ts';
import { movedInHistory, withHistory } from '../history.ts';
import type { State } from '../state.ts';

import { reduceCode } from './code.ts';
import { reduceCommand } from './command.ts';
import { reduceData } from './data.ts';
import { reduceFailure } from './failure.ts';
import { reduceLogs } from './logs.ts';
import { reducePast } from './past.ts';
import { reduceProject } from './project.ts';
import { reduceRun } from './run.ts';
import { reduceScreen } from './screen.ts';

const reducers: readonly Reducer[] = [
  reduceScreen,
  reduceProject,
  reduceRun,
  reduceLogs,
  reducePast,
  reduceData,
  reduceCode,
  reduceFailure,
  reduceCommand,
];

const reducePanes = (state: State, event: Event): State =>
  reducers.reduce((current, reducer) => reducer(current, event), state);

export const reduce = (state: State, event: Event): State => {
  if (event.type === 'historyMoved') return movedInHistory(state, event.by, reducePanes);
  if (event.type === 'historyJoined') return { ...state, history: event.history };
  return withHistory(state, reducePanes(state, event), event);
};
