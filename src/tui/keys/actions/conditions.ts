import { displayText } from '../../../draw/text-width.ts';
import { openPipeline } from '../../state/select.ts';
import type { State } from '../../state/state.ts';

/** A pipeline is open that can run, or why not. */
export const pipelineOpen = (state: State): true | string => {
  const pipeline = openPipeline(state);
  if (!pipeline) return 'open a pipeline first (1, then enter)';
  if (pipeline.blocks.length > 0) return true;
  const broken = pipeline.problems.find(({ severity, failsBlockOnly }) => severity === 'error' && !failsBlockOnly);
  const name = displayText(pipeline.uuid);
  return broken ? `${name} is broken: ${broken.message}` : `${name} has no blocks`;
};
