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
];
