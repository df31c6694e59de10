import type { RerunRequest } from '../workbench-source.ts';
import type { State } from './state.ts';

export type RerunForm = 'from' | 'block' | 'upto' | 'failed' | 'whole';

/** The request of a form for what is on the screen. The caller has seen to it that a pipeline and, where needed, a block is open. */
export const rerunRequest = ({ pipeline, block, runId }: State, form: RerunForm): RerunRequest => {
  const on = runId === null ? {} : { runId };
  switch (form) {
    case 'failed':
      return { ...pipeline!, failed: true, ...on };
    case 'whole':
      return { ...pipeline!, ...on };
    default:
      return { ...pipeline!, [form]: block!, ...on };
  }
};
