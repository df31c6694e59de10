import { clock, duration } from '../draw/numbers.ts';
import { displayText } from '../draw/text-width.ts';
import { elapsed, isActive, openProject, shownRun } from './state/select.ts';
import type { State } from './state/state.ts';

/** What stays in the terminal after leaving: what ran, its state, the command to get back. */
export const exitSummary = (state: State, now: number): string[] => {
  const pipeline = state.pipeline?.pipeline;
  if (!pipeline) return [];
  const name = [openProject(state)?.uuid, pipeline]
    .filter(Boolean)
    .map((part) => displayText(part!))
    .join(' / ');
  const run = shownRun(state);
  if (!run) return [name, 'nothing has run', 'back: wand'];
  const blocks = state.snapshot?.blocks ?? [];
  const done = blocks.filter(({ status }) => status === 'completed').length;
  const count = blocks.length > 0 ? `, ${done} of ${blocks.length} blocks done` : '';
  const text = isActive(run)
    ? `${run.status} for ${clock(elapsed(run.startedAt, null, now))}${count}; it goes on without the workbench`
    : `${run.status}${run.startedAt && run.finishedAt ? ` in ${duration(elapsed(run.startedAt, run.finishedAt, now))}` : ''}${count}`;
  return [name, `run ${displayText(run.id)}: ${text}`, `back: wand   details: wand show ${displayText(run.id)}`];
};
