import { messageOf } from '../../../problem/wand-error.ts';
import { rerunLine } from '../../state/command-line.ts';
import type { PlanDialog, PlanEdit } from '../../state/dialog.ts';
import { edited, planEdit } from '../../state/plan-edit.ts';
import type { State } from '../../state/state.ts';
import type { Action, App } from '../action.ts';
import { closeDialog } from './dialog-keys.ts';

const planOf = (state: State): PlanDialog => state.dialog as PlanDialog;

/** The plan's own line, or the one of what is asked until the plan has come. */
export const planLine = (state: State): string => {
  const { request, plan } = planOf(state);
  return plan?.command ?? rerunLine(state, request);
};

const edit = (field: PlanEdit['field'], help: string, key: string): Action => ({
  id: `plan.${field}`,
  title: field,
  help,
  keys: [key],
  context: 'plan',
  footer: 3,
  when: (state) => (planOf(state).plan ? true : 'the plan is still being made'),
  run: ({ state, dispatch }) => {
    const dialog = planOf(state());
    dispatch({ type: 'dialog', dialog: { ...dialog, editing: planEdit(dialog, field) } });
  },
});

const endEdit = (app: App, editing: PlanEdit | null): void =>
  app.dispatch({ type: 'dialog', dialog: { ...planOf(app.state()), editing } });

export const planActions: readonly Action[] = [
  {
    id: 'plan.run',
    title: 'run',
    help: 'Run as planned',
    keys: ['enter'],
    context: 'plan',
    footer: 1,
    when: (state) => {
      const { trouble } = planOf(state);
      return trouble ? trouble.message : true;
    },
    run: ({ state, dispatch, effects }) => {
      const { request } = planOf(state());
      dispatch({ type: 'dialog', dialog: null });
      effects.startRun(request);
    },
  },
  edit('variables', 'Edit the variables of the run', 'v'),
  edit('date', 'Edit the execution date', 'd'),
  {
    id: 'plan.code',
    title: 'code then or now',
    help: 'Change between the code as it is now and as the run before had it',
    keys: ['t'],
    context: 'plan',
    footer: 4,
    when: (state) => (planOf(state).request.runId ? true : 'this builds on no earlier run'),
    run: ({ state, effects }) => {
      const { request } = planOf(state());
      effects.openPlan({ ...request, code: request.code === 'then' ? 'now' : 'then' });
    },
  },
  {
    id: 'plan.copy',
    title: 'copy',
    help: 'Copy the command that does the same',
    keys: ['y'],
    context: 'plan',
    footer: 2,
    run: ({ state, effects }) => effects.copy('the command', planLine(state())),
  },
  closeDialog('plan', ['esc', 'q']),
  {
    id: 'edit.keep',
    title: 'keep',
    help: 'Take what was typed',
    keys: ['enter'],
    context: 'edit',
    footer: 1,
    run: (app) => {
      const dialog = planOf(app.state());
      try {
        app.effects.openPlan(edited(dialog, dialog.editing!));
      } catch (error) {
        endEdit(app, { ...dialog.editing!, problem: messageOf(error) });
      }
    },
  },
  {
    id: 'edit.drop',
    title: 'as it was',
    help: 'Leave the field as it was',
    keys: ['esc'],
    context: 'edit',
    footer: 2,
    run: (app) => endEdit(app, null),
  },
];
