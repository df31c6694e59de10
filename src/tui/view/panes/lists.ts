import type { Frame } from '../../../draw/frame.ts';
import type { Span } from '../../../draw/line.ts';
import { span } from '../../../draw/line.ts';
import { drawList, type ListRow } from '../../../draw/list.ts';
import { ago, clock, duration } from '../../../draw/numbers.ts';
import { displayText, fitted } from '../../../draw/text-width.ts';
import { statusToken, type Theme } from '../../../draw/theme.ts';
import { followCursor } from '../../../draw/window.ts';
import type { Run } from '../../../model/run.ts';
import { shownRuns } from '../../state/list-filters.ts';
import { elapsed, isActive } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { type TreeRow, treeCursor, treeRows } from '../../state/tree-rows.ts';

/** `shortTitle` where there is no room for the long one beside the note. */
export type PaneContent = Pick<Frame, 'title' | 'note' | 'lines'> & { shortTitle?: Frame['title'] };
export type PaneSize = { width: number; height: number; focused: boolean };

export const treePane = (state: State, { width, height, focused }: PaneSize, theme: Theme): PaneContent => {
  const rows = treeRows(state);
  const cursor = treeCursor(state, rows);
  const top = followCursor(state.tree.top, height, cursor, rows.length);
  const list = rows.map((row) => treeRow(row, state, theme));
  const lines =
    rows.length > 0
      ? drawList(list, { width, height, top, cursor, focused }, theme)
      : [emptyTree(state)].map(
          (text) =>
            drawList(
              [{ left: [span(` ${text}`, 'muted')] }],
              { width, height, top: 0, cursor: null, focused },
              theme,
            )[0]!,
        );
  const note = state.tree.filter === '' ? [] : [span(`/${displayText(state.tree.filter)}`, 'match')];
  return { title: [span('1 Pipelines', 'title')], note, lines };
};

const emptyTree = ({ instance, tree }: State): string => {
  if (!instance) return 'reading the project files';
  return tree.filter === '' ? 'no projects here' : 'nothing matches';
};

const treeRow = (row: TreeRow, state: State, { glyphs }: Theme): ListRow => {
  if (row.kind === 'project') {
    const broken = row.project.problems.some(({ severity }) => severity === 'error');
    return {
      left: [
        span(` ${row.folded ? glyphs.closed : glyphs.open} `, 'muted'),
        span(displayText(row.project.uuid), broken ? 'error' : 'strong'),
      ],
    };
  }
  const run = state.latest.get(row.key);
  const broken = row.pipeline.problems.some(({ severity }) => severity === 'error');
  const status = run?.status ?? 'none';
  const mark = broken ? span('!', 'error') : span(glyphs.status[status], statusToken(status));
  const isOpen = state.pipeline?.projectPath === row.project.path && state.pipeline.pipeline === row.pipeline.uuid;
  const name = span(displayText(row.pipeline.uuid), broken ? 'error' : isOpen ? 'strong' : undefined);
  const when = broken ? 'broken' : run ? timeOf(run, state.now, true) : '';
  return { left: [span('   '), mark, span(' '), name], right: [span(` ${when} `, broken ? 'error' : 'muted')] };
};

/** A running run shows its clock, a finished one how long it took, or how long ago that was. */
const timeOf = (run: Run, now: number, since: boolean): string => {
  if (run.status === 'running') return clock(elapsed(run.startedAt, null, now));
  if (run.status === 'initial') return 'queued';
  if (since && run.finishedAt) return ago(now - Date.parse(run.finishedAt));
  return run.startedAt && run.finishedAt ? duration(elapsed(run.startedAt, run.finishedAt, now)) : '';
};

const widestBar = 30;
/** Columns of a run's id, its start and its time. */
const narrowRun = 29;

const tookSoFar = ({ startedAt, finishedAt }: Run, now: number): number =>
  startedAt === null ? 0 : elapsed(startedAt, finishedAt, now);

export const runsPane = (state: State, { width, height, focused }: PaneSize, theme: Theme): PaneContent => {
  const { runsCursor: cursor, now, runId } = state;
  const runs = shownRuns(state);
  const barWidth = Math.max(0, Math.min(widestBar, width - narrowRun));
  const longest = Math.max(1, ...runs.map((run) => tookSoFar(run, now)));
  /** As long as the run took, against the longest one in the list. */
  const durationBar = (run: Run): Span[] => {
    if (barWidth === 0) return [];
    const took = tookSoFar(run, now);
    const length = took === 0 ? 0 : Math.max(1, Math.round((took / longest) * barWidth));
    return [span(fitted(theme.glyphs.timeline.run.repeat(length), barWidth), statusToken(run.status))];
  };
  const list = runs.map((run): ListRow => {
    const left: Span[] = [
      span(` ${theme.glyphs.status[run.status]} `, statusToken(run.status)),
      span(displayText(run.id), run.id === runId ? 'strong' : undefined),
      span(`  ${startOf(run, now)}`, 'muted'),
    ];
    const time = timeOf(run, now, false);
    const shown = barWidth > 0 ? fitted(time, 7, 'right') : time;
    return { left, right: [...durationBar(run), span(` ${shown} `, isActive(run) ? 'running' : 'muted')] };
  });
  const note = state.runsFilter === '' ? [] : [span(`/${displayText(state.runsFilter)}`, 'match')];
  const empty =
    state.runs.length > 0
      ? 'no run fits the filter'
      : state.pipeline
        ? state.runsLoaded
          ? 'no runs yet: r runs it'
          : 'reading the runs'
        : 'open a pipeline first';
  const rows = list.length > 0 ? list : [{ left: [span(` ${empty}`, 'muted')] }];
  const viewport = {
    width,
    height,
    top: followCursor(0, height, cursor, rows.length),
    cursor: list.length > 0 ? cursor : null,
    focused,
  };
  return { title: [span('3 Runs', 'title')], note, lines: drawList(rows, viewport, theme) };
};

const startOf = ({ startedAt, createdAt }: Run, now: number): string => {
  const time = Date.parse(startedAt ?? createdAt);
  const age = now - time;
  if (age < 12 * 3_600_000) return ago(age);
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
};
