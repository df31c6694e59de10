import { mostCommands } from '../command-state.ts';
import type { Reducer } from '../event.ts';

/** The command log, and what `.` repeats. */
export const reduceCommand: Reducer = (state, event) => {
  const { command } = state;
  switch (event.type) {
    case 'commanded': {
      const entry = { time: event.time, title: event.title, line: event.line };
      // Looking at the same thing twice in a row is one line.
      const log = command.log.at(-1)?.line === event.line ? command.log.slice(0, -1) : command.log;
      return { ...state, command: { ...command, log: [...log, entry].slice(-mostCommands) } };
    }
    case 'commandsFound':
      return { ...state, command: { ...command, log: [...event.log, ...command.log].slice(-mostCommands) } };
    case 'rerunAsked':
      return { ...state, command: { ...command, lastRerun: event.request } };
    default:
      return state;
  }
};
