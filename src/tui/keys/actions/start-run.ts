import { displayText } from '../../../draw/text-width.ts';
import { isActive } from '../../state/select.ts';
import { pipelineKey, type State } from '../../state/state.ts';
import type { RerunRequest } from '../../workbench-source.ts';
import type { Action } from '../action.ts';

/** Starts a run of a pipeline. A second one beside one that runs may write the same tables: that is asked first. */
export const startOrAsk = ({ state, dispatch, effects }: Parameters<Action['run']>[0], request: RerunRequest): void => {
  const active = activeRun(state(), request);
  if (!active) {
    effects.startRun(request);
    return;
  }
  const title = `run ${displayText(request.pipeline)} a second time?`;
  const lines = [`Run ${displayText(active.id)} is still ${active.status === 'initial' ? 'waiting' : 'running'}.`];
  dispatch({ type: 'dialog', dialog: { kind: 'confirm', title, lines, question: { kind: 'start', request } } });
};

/** Of the open pipeline all its runs are known, of others the latest. */
const activeRun = ({ pipeline, runs, latest }: State, request: RerunRequest) => {
  const key = pipelineKey(request);
  const isOpen = pipeline !== null && pipelineKey(pipeline) === key;
  return [...(isOpen ? runs : []), ...(latest.get(key) ? [latest.get(key)!] : [])].find(isActive);
};
