import { type ChangeLine, changeLines } from '../../../draw/changes.ts';
import { line, type Span, span } from '../../../draw/line.ts';
import { timeOfDay } from '../../../draw/log.ts';
import { byteSize, duration } from '../../../draw/numbers.ts';
import { displayText, fitted, textWidth } from '../../../draw/text-width.ts';
import type { Theme, Token } from '../../../draw/theme.ts';
import type { BlockAttempt, Run } from '../../../model/run.ts';
import { otherRun, shownPast } from '../../state/past-state.ts';
import { blockFile, blockRun, missingWorker, shownRun } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { paneInner } from '../pane-size.ts';
import { comparisonRows } from './compared-blocks.ts';
import { heading, statusSpan, took } from './detail-parts.ts';
import type { PaneContent, PaneSize } from './lists.ts';
import { messageLines } from './message.ts';
import { noted, relativePlace, tabTitle } from './tabs.ts';

/** What is known of the run and of the selected block, and how the run differs from another one. */
export const detailsPane = (state: State, { width, height }: PaneSize, theme: Theme): PaneContent => {
  const title = tabTitle(state, theme);
  const rows = detailRows(state, theme, width);
  if (rows.length === 0) return { title, note: [], lines: messageLines({ text: 'No run is shown.' }, width, theme) };
  const { detailsTop } = state.past;
  const other = otherRun(state);
  const note = [
    noted(state.runId ? `run ${state.runId}` : '', 1),
    noted(other ? `[ ] compared with run ${other.id}` : '', 2),
  ];
  return { title, note, lines: rows.slice(detailsTop, detailsTop + height).map((row) => line(row, width, theme)) };
};

/** All its rows, for the pane and for scrolling. */
export const detailRows = (state: State, theme: Theme, width = paneInner(state, 'details').width): Span[][] => {
  const run = shownRun(state);
  if (!run) return [];
  const attempts = (shownPast(state)?.attempts ?? []).filter(({ block }) => block === state.block);
  return [
    ...runRows(run, state, theme),
    [],
    ...blockRows(state, attempts, theme),
    [],
    ...comparisonRows(state, theme, width),
    ...changeRows(state),
  ];
};

const fact = (name: string, ...value: Span[]): Span[] => [span(`   ${fitted(name, 16)}`, 'muted'), ...value];
const text = (value: string): Span => span(displayText(value));

const runRows = (run: Run, state: State, theme: Theme): Span[][] => {
  const time = took(run);
  const usual = shownPast(state)?.usual.run ?? null;
  const variables = Object.entries(run.variables);
  return [
    heading(`run ${displayText(run.id)}  `, statusSpan(run.status, theme)),
    fact(
      'time',
      text(time === null ? '' : duration(time)),
      span(usual === null ? '' : `  usual ${duration(usual)}`, 'muted'),
    ),
    fact('started', text(run.startedAt ?? 'not yet')),
    fact('execution date', text(run.executionDate)),
    fact('trigger', text(run.trigger), span(run.parentRunId ? `  rerun of run ${run.parentRunId}` : '', 'muted')),
    ...(variables.length === 0 ? [fact('variables', span('none', 'muted'))] : []),
    ...variables.map(([name, value], index) =>
      fact(
        index === 0 ? 'variables' : '',
        span(displayText(name), 'info'),
        text(` = ${typeof value === 'string' ? value : JSON.stringify(value)}`),
      ),
    ),
  ];
};

const blockRows = (state: State, attempts: readonly BlockAttempt[], theme: Theme): Span[][] => {
  const block = blockRun(state, state.block);
  if (!block) return [heading('no block is selected')];
  const file = blockFile(state, block.uuid)?.file;
  const missing = missingWorker(block);
  const rows = [
    heading(`${displayText(block.uuid)}  `, statusSpan(block.status, theme)),
    ...(missing === null ? [] : [[span(`   ${missing}`, 'warning')]]),
    fact(
      'kind',
      text(`${block.blockType}, ${block.language}`),
      span(file ? `  ${relativePlace(state, file)}` : '', 'muted'),
    ),
  ];
  if (block.reusedFrom !== null) return [...rows, fact('outputs', text(`of run ${block.reusedFrom}`))];
  const table = attempts.map((attempt) => [
    `attempt ${attempt.attempt}`,
    attempt.status,
    timeOfDay(attempt.startedAt).slice(0, 8),
    attempt.finishedAt === null ? '' : duration(Date.parse(attempt.finishedAt) - Date.parse(attempt.startedAt)),
    attempt.usage ? `${duration(attempt.usage.cpuMs)} CPU` : '',
    attempt.usage ? `${byteSize(attempt.usage.peakRssBytes)} peak` : '',
    `${attempt.host} ${attempt.worker.slice(0, 8)}`,
  ]);
  return [...rows, ...columns(table).map((row): Span[] => [span(`   ${row}`)])];
};

const changeTokens: Record<ChangeLine['kind'], Token | undefined> = {
  head: undefined,
  fact: undefined,
  context: undefined,
  place: 'info',
  added: 'ok',
  removed: 'error',
};

/** What made the other run another one: variables, settings, code. */
const changeRows = (state: State): Span[][] => {
  const { changes } = state.past;
  if (!changes || changes.right !== state.runId || changes.left !== otherRun(state)?.id) return [];
  return [
    [],
    ...changeLines(changes).map(({ text: value, kind }): Span[] =>
      kind === 'head' ? heading(displayText(value)) : [span(` ${displayText(value)}`, changeTokens[kind])],
    ),
  ];
};

/** Texts in columns as wide as their widest. */
const columns = (table: readonly string[][]): string[] => {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => textWidth(displayText(row[column]!)))),
  );
  return table.map((row) => row.map((cell, column) => fitted(displayText(cell), widths[column]!)).join('  '));
};
