import { pipelineKey } from '../../state/state.ts';
import type { Action } from '../action.ts';

/** Where one was, and where something failed. */
export const historyActions: readonly Action[] = [
  {
    id: 'history.back',
    also: 'previous',
    title: 'last view',
    help: 'Back to the view before this one',
    keys: ['-', 'ctrl-o'],
    context: 'global',
    when: ({ history }) => (history.back.length > 0 ? true : 'there is no view before this one'),
    run: ({ dispatch }) => dispatch({ type: 'historyMoved', by: -1 }),
  },
  {
    id: 'history.forward',
    title: 'next view',
    help: 'Forward to the view one came back from',
    keys: ['_'],
    context: 'global',
    when: ({ history }) => (history.forward.length > 0 ? true : 'there is no view after this one'),
    run: ({ dispatch }) => dispatch({ type: 'historyMoved', by: 1 }),
  },
  {
    id: 'failure.latest',
    also: 'error',
    title: 'latest failure',
    help: 'Go to the pipeline whose last run failed most recently; again: the one before',
    keys: ['!'],
    context: 'global',
    when: (state) => (failedPipelines(state.latest).length > 0 ? true : 'no pipeline failed in its last run'),
    run: ({ state, dispatch, effects }) => {
      const { latest, pipeline, tab } = state();
      const failed = failedPipelines(latest);
      const here = pipeline ? failed.findIndex(({ key }) => key === pipelineKey(pipeline)) : -1;
      const next = failed[here === -1 || tab !== 'failure' ? Math.max(0, here) : (here + 1) % failed.length]!;
      dispatch({ type: 'focused', pane: 'logs' });
      effects.openPipeline(next.reference, next.runId);
      dispatch({ type: 'focused', pane: 'graph' });
    },
  },
];

const failedPipelines = (latest: Parameters<NonNullable<Action['when']>>[0]['latest']) =>
  [...latest.entries()]
    .filter(([, run]) => run.status === 'failed' && run.pipeline !== null)
    .sort(([, one], [, other]) => Number(other.id) - Number(one.id))
    .map(([key, run]) => ({
      key,
      reference: { projectPath: run.projectPath, pipeline: run.pipeline! },
      runId: run.id,
    }));
