import { failureInput } from '../../state/failure-input.ts';
import type { State } from '../../state/state.ts';
import type { Action } from '../action.ts';
import { nextFailed } from './graph.ts';

const attempt = (id: string, help: string, key: string, by: 1 | -1): Action => ({
  id: `failure.${id}`,
  title: 'attempt',
  help,
  keys: [key],
  context: 'failure',
  when: ({ failure }) => {
    const last = failure.attempts.length - 1;
    if (last < 1) return 'there was one attempt only';
    const at = failure.shown === null ? last : failure.attempts.findIndex(({ attempt }) => attempt === failure.shown);
    return failure.attempts[at + by] ? true : `this is the ${by === 1 ? 'last' : 'first'} attempt`;
  },
  run: ({ dispatch }) => dispatch({ type: 'attemptShown', by }),
});

export const failureActions: readonly Action[] = [
  { ...nextFailed('next-failed', 'Next failed block', 'n', 1), id: 'failure.next', context: 'failure' },
  { ...nextFailed('previous-failed', 'Previous failed block', 'N', -1), id: 'failure.previous', context: 'failure' },
  attempt('older', 'The attempt before this one', '[', -1),
  attempt('newer', 'The attempt after this one', ']', 1),
  {
    id: 'failure.open',
    title: 'log',
    help: "Show the block's whole log",
    keys: ['enter'],
    context: 'failure',
    run: ({ dispatch }) => dispatch({ type: 'focused', pane: 'logs' }),
  },
  {
    id: 'failure.input',
    title: 'input rows',
    help: 'Show the rows that the block worked on, at the row where it failed if that is known',
    keys: ['i'],
    context: 'failure',
    footer: 4,
    when: withInput,
    run: ({ effects }) => effects.showInput(),
  },
  {
    id: 'failure.compare',
    also: 'diff',
    title: 'compare with last good run',
    help: 'Compare the rows that the block worked on with those of the last good run',
    keys: ['d'],
    context: 'failure',
    footer: 4.5,
    when: (state) => {
      const found = withInput(state);
      if (found !== true) return found;
      return state.runs.some(({ id, status }) => status === 'completed' && id !== state.runId)
        ? true
        : 'no run of this pipeline is good to compare with';
    },
    run: ({ effects }) => {
      effects.showInput();
      effects.data.openDiff();
    },
  },
];

function withInput(state: State): true | string {
  return failureInput(state) ? true : 'the block has no input with rows';
}
