import { expectedEnd, type TimedBlock } from '../../graph/critical-path.ts';
import type { BlockRun, Run, RunPast, RunSnapshot } from '../../model/run.ts';
import type { RunChanges } from '../../model/run-changes.ts';
import { isActive } from './select.ts';
import type { State } from './state.ts';

/** Attempts and usual times of the shown run, and the run that the details compare it with. */
export type PastState = {
  /** Run and state of its blocks for which it was read. */
  key: string | null;
  past: RunPast | null;
  /** Chosen by the reader; null: the last completed run before the shown one. */
  other: string | null;
  otherSnapshot: RunSnapshot | null;
  /** What made the other run another one; of the two runs it names. */
  changes: RunChanges | null;
  detailsTop: number;
};

export const emptyPast: PastState = {
  key: null,
  past: null,
  other: null,
  otherSnapshot: null,
  changes: null,
  detailsTop: 0,
};

/** Changes with every block that starts or ends: then it is read again. */
export const pastKey = ({ snapshot }: State): string | null =>
  snapshot && JSON.stringify([snapshot.run.id, snapshot.blocks.map(({ status, attempt }) => `${status}${attempt}`)]);

/** It belongs to the shown run, even if a block has gone on since. */
export const shownPast = ({ snapshot, past }: State): RunPast | null =>
  snapshot && past.key !== null && (JSON.parse(past.key) as string[])[0] === snapshot.run.id ? past.past : null;

const time = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso));

export const timed = ({ uuid, upstream, startedAt, finishedAt, reusedFrom }: BlockRun): TimedBlock =>
  reusedFrom === null
    ? { uuid, upstream, start: time(startedAt), end: time(finishedAt) }
    : { uuid, upstream, start: null, end: null };

/** Milliseconds that the shown run will still take; null where it has ended or nothing is known of earlier runs. */
export const timeLeft = (state: State): number | null => {
  const past = shownPast(state);
  const { snapshot, now } = state;
  if (!past || !snapshot || !isActive(snapshot.run)) return null;
  const blocks = snapshot.blocks.map((block) => ({ ...timed(block), isOver: isOver(block) }));
  const end = expectedEnd(blocks, new Map(Object.entries(past.usual.blocks)), now);
  return end === null ? null : Math.max(0, end - now);
};

const isOver = ({ status }: BlockRun): boolean => !['initial', 'queued', 'running'].includes(status);

/** Runs that the shown one can be compared with, newest first. */
export const comparable = ({ runs, runId }: State): Run[] => runs.filter(({ id }) => id !== runId);

/** The run to compare with: the chosen one, else the last completed one before the shown run, else the last before it. */
export const otherRun = (state: State): Run | undefined => {
  const others = comparable(state);
  const chosen = others.find(({ id }) => id === state.past.other);
  if (chosen) return chosen;
  const before = others.filter(({ id }) => Number(id) < Number(state.runId));
  return before.find(({ status }) => status === 'completed') ?? before[0] ?? others[0];
};
