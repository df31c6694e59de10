import { displayText } from '../../draw/text-width.ts';
import type { TimelineBar, TimelineRow } from '../../draw/timeline.ts';
import { criticalPath, readyAt, waitOf } from '../../graph/critical-path.ts';
import type { BlockAttempt, BlockRun, RunSnapshot } from '../../model/run.ts';
import { shownPast, timed } from './past-state.ts';
import type { State } from './state.ts';

export type Timeline = {
  rows: TimelineRow[];
  /** Milliseconds since the epoch. */
  from: number;
  to: number;
  /** Milliseconds of work on the critical path. */
  critical: number;
  workers: number;
};

/** One row a block, in the order in which they started; those that have not run come last, in the order of the file. */
export const timelineOf = (state: State): Timeline | null => {
  const { snapshot, now } = state;
  if (!snapshot) return null;
  const began = Date.parse(snapshot.run.startedAt ?? snapshot.run.createdAt);
  const attempts = shownPast(state)?.attempts ?? [];
  const blocks = snapshot.blocks.map(timed);
  const path = new Set(criticalPath(blocks));
  const rows = ordered(snapshot).map((block): TimelineRow => {
    const times = timed(block);
    const own = attemptsOf(block, attempts);
    const ready = times.start === null ? null : readyAt(times, blocks, began);
    const end = times.start === null ? null : (times.end ?? now);
    const took = times.start === null ? null : Math.max(0, end! - firstStart(own, times.start));
    return {
      id: block.uuid,
      name: displayText(block.uuid),
      status: block.status,
      critical: path.has(block.uuid),
      bars: barsOf(own, ready, now),
      time: took,
      wait: times.start === null ? null : waitOf({ ...times, start: firstStart(own, times.start) }, blocks, began),
      share: null,
      remark: remarkOf(block, own.length),
    };
  });
  const to = Math.max(began + 1, ...rows.flatMap(({ bars }) => bars.map((bar) => bar.to)));
  const critical = rows.reduce((sum, { critical, time }) => sum + (critical ? (time ?? 0) : 0), 0);
  const total = to - began;
  for (const row of rows) if (row.critical && row.time !== null) row.share = row.time / total;
  return { rows, from: began, to, critical, workers: new Set(attempts.map(({ worker }) => worker)).size };
};

const ordered = ({ blocks }: RunSnapshot): BlockRun[] => {
  const key = ({ startedAt, reusedFrom }: BlockRun): number =>
    startedAt === null || reusedFrom !== null ? Number.POSITIVE_INFINITY : Date.parse(startedAt);
  return blocks.toSorted((a, b) => key(a) - key(b) || a.position - b.position);
};

type Times = { status: BlockAttempt['status']; start: number; end: number | null };

/** Its attempts; while they are not there yet, the last one as the snapshot has it. */
const attemptsOf = (block: BlockRun, all: readonly BlockAttempt[]): Times[] => {
  if (block.reusedFrom !== null) return [];
  const own = all.filter(({ block: of }) => of === block.uuid);
  if (own.length > 0 && own.length >= block.attempt)
    return own.map(({ status, startedAt, finishedAt }) => ({
      status,
      start: Date.parse(startedAt),
      end: finishedAt === null ? null : Date.parse(finishedAt),
    }));
  if (block.startedAt === null) return [];
  const status = block.status === 'failed' ? 'failed' : block.status === 'running' ? 'running' : 'completed';
  const end = block.finishedAt === null ? null : Date.parse(block.finishedAt);
  return [{ status, start: Date.parse(block.startedAt), end }];
};

const firstStart = (attempts: readonly Times[], start: number): number => attempts[0]?.start ?? start;

const barsOf = (attempts: readonly Times[], ready: number | null, now: number): TimelineBar[] => {
  const bars: TimelineBar[] = [];
  let last = ready;
  for (const [index, { status, start, end }] of attempts.entries()) {
    if (last !== null && start > last) bars.push({ kind: index === 0 ? 'wait' : 'delay', from: last, to: start });
    const isFailed = status === 'failed' || status === 'lost';
    bars.push({ kind: isFailed ? 'failed' : 'run', from: start, to: end ?? now });
    last = end ?? now;
  }
  return bars;
};

const remarkOf = ({ status, reusedFrom, startedAt }: BlockRun, attempts: number): string => {
  if (reusedFrom !== null) return `from run ${reusedFrom}`;
  if (startedAt === null && status !== 'initial' && status !== 'queued') return 'not run';
  return attempts > 1 ? `attempt ${attempts}` : '';
};
