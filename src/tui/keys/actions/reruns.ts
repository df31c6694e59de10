import { displayText } from '../../../draw/text-width.ts';
import { reach } from '../../state/graph-look.ts';
import { type RerunForm, rerunRequest } from '../../state/rerun.ts';
import { blockRun, failedBlocks, graphBlocks, isActive, shownRun } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import type { Action } from '../action.ts';
import { pipelineOpen } from './conditions.ts';
import { startOrAsk } from './start-run.ts';

const blockSelected = (state: State): true | string => {
  if (!state.pipeline || !state.block) return 'select a block first (2, then h j k l)';
  return pipelineOpen(state);
};

const planned = (form: RerunForm, more: Omit<Action, 'context' | 'run'>): Action => ({
  ...more,
  context: 'global',
  run: ({ state, effects }) => effects.openPlan(rerunRequest(state(), form)),
});

/** Runs of every form. A partial one shows its plan first; enter in it runs. */
export const rerunActions: readonly Action[] = [
  {
    id: 'run.start',
    also: 'start execute',
    title: 'run',
    help: 'Run the open pipeline',
    keys: ['r'],
    context: 'global',
    footer: 1,
    footerIn: { failure: null },
    when: pipelineOpen,
    run: (app) => startOrAsk(app, { ...app.state().pipeline! }),
  },
  planned('from', {
    id: 'run.from',
    also: 'rerun',
    title: 'R from here',
    help: 'Run again from the selected block on, in a new run; shows the plan first',
    keys: ['R'],
    footer: 2,
    when: blockSelected,
  }),
  planned('block', {
    id: 'run.block',
    title: 'this block',
    help: 'Run the selected block alone again, in a new run; shows the plan first',
    keys: ['B'],
    when: blockSelected,
  }),
  planned('upto', {
    id: 'run.upto',
    title: 'up to here',
    help: 'Run the selected block and all above it, in a new run; shows the plan first',
    keys: ['U'],
    when: blockSelected,
  }),
  planned('failed', {
    id: 'run.failed',
    also: 'rerun',
    title: 'rerun failed',
    help: 'Run what failed or did not run in this run again, in a new run; shows the plan first',
    keys: ['f'],
    footer: 3,
    footerIn: { failure: 1 },
    when: (state) => (failedBlocks(state).length > 0 ? true : 'nothing failed in this run'),
  }),
  {
    id: 'run.retry',
    also: 'retry again',
    title: 'retry in place',
    help: 'Try what did not complete again in this same run: attempts go on, outputs stay',
    keys: ['ctrl-r'],
    context: 'global',
    when: (state) => {
      const run = shownRun(state);
      if (!run) return 'there is no run to retry';
      return run.status === 'failed' || run.status === 'cancelled' ? true : `run ${run.id} is ${run.status}`;
    },
    run: ({ state, effects }) => effects.retryRun(shownRun(state())!.id),
  },
  {
    id: 'run.retry-from',
    title: 'retry from here',
    help: 'Run the selected block and all below it again in this same run, after a question',
    keys: ['P'],
    context: 'global',
    when: (state) => {
      const run = shownRun(state);
      if (!run) return 'there is no run to retry';
      if (!blockRun(state, state.block)) return 'select a block of the run first (2, then h j k l)';
      return isActive(run) ? `run ${run.id} is ${run.status}` : true;
    },
    run: ({ state, dispatch }) => {
      const { runId, block, snapshot } = state();
      const below = reach(graphBlocks(state()), block!, 'down');
      const again = snapshot!.blocks.flatMap(({ uuid }) =>
        uuid === block || below.has(uuid) ? displayText(uuid) : [],
      );
      const title = `run ${displayText(block!)} again in run ${displayText(runId!)}?`;
      const lines = [
        again.length > 1 ? `Again: ${again.join(', ')}.` : 'Nothing is below it.',
        'What these blocks handed on in this run is replaced.',
      ];
      const question = { kind: 'retry' as const, runId: runId!, from: block! };
      dispatch({ type: 'dialog', dialog: { kind: 'confirm', title, lines, question } });
    },
  },
  {
    id: 'run.with',
    title: 'with new variables',
    help: 'Run the whole pipeline with other variables or another date; shows the plan first',
    keys: ['A'],
    context: 'global',
    footerIn: { failure: 3 },
    when: pipelineOpen,
    run: ({ state, effects }) => effects.openPlan(rerunRequest(state(), 'whole'), 'variables'),
  },
  {
    id: 'run.again',
    title: 'again',
    help: 'Ask for the last run of this workbench once more, as it was asked for',
    keys: ['.'],
    context: 'global',
    when: ({ command }) => (command.lastRerun ? true : 'nothing was run from this workbench yet'),
    run: (app) => startOrAsk(app, app.state().command.lastRerun!),
  },
];
