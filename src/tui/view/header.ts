import { edgeLine, type Span, span, spansWidth } from '../../draw/line.ts';
import { ago, clock, duration } from '../../draw/numbers.ts';
import { displayText } from '../../draw/text-width.ts';
import { statusToken, type Theme } from '../../draw/theme.ts';
import type { Run } from '../../model/run.ts';
import { timeLeft } from '../state/past-state.ts';
import { elapsed, isActive, openProject, shownRun } from '../state/select.ts';
import type { State } from '../state/state.ts';

/** `wand  taxi ▸ yellow_taxi        embedded pg ● · 1 worker ● · run 12 ● 0:07  3/5` */
export const headerLine = (state: State, theme: Theme): string => {
  const { columns } = state.size;
  const left = breadcrumb(state, theme);
  const separator = span(` ${theme.glyphs.dot} `, 'muted');
  const parts = [databasePart(state, theme), workerPart(state, theme), runPart(state, theme)].filter(
    (part) => part.length > 0,
  );
  // What matters least goes first where there is no room.
  while (parts.length > 1 && joinedWidth(parts) + Math.min(spansWidth(left), 24) + 2 > columns) parts.shift();
  const right = parts.flatMap((part, index) => (index > 0 ? [separator, ...part] : part));
  return edgeLine(left, [...right, span(' ')], columns, theme);
};

const joinedWidth = (parts: readonly Span[][]): number =>
  parts.reduce((width, part) => width + spansWidth(part) + 3, 0);

const breadcrumb = (state: State, { glyphs }: Theme): Span[] => {
  const names = [openProject(state)?.uuid, state.pipeline?.pipeline].filter((name) => name !== undefined);
  const spans: Span[] = [span(' wand ', 'strong', 'key')];
  for (const [index, name] of names.entries()) {
    spans.push(index > 0 ? span(` ${glyphs.breadcrumb} `, 'muted') : span(' '), span(displayText(name), 'strong'));
  }
  return spans;
};

const databasePart = ({ connection }: State, { glyphs }: Theme): Span[] => {
  const { database, label } = connection;
  const status = database === 'up' ? 'completed' : database === 'down' ? 'failed' : 'queued';
  const word = database === 'up' ? '' : database === 'down' ? ' down' : ' connecting';
  const glyph = database === 'up' ? glyphs.status.running : glyphs.status[status];
  return [span(`${displayText(label)}${word} `), span(glyph, statusToken(status))];
};

const workerPart = ({ connection }: State, { glyphs }: Theme): Span[] => {
  if (connection.database !== 'up') return [];
  const { workers } = connection;
  if (workers === 0) return [span('no worker', 'warning')];
  return [span(`${workers} worker${workers === 1 ? '' : 's'} `), span(glyphs.status.running, 'ok')];
};

const runPart = (state: State, { glyphs }: Theme): Span[] => {
  const run = shownRun(state);
  if (!run) return [];
  const spans = [span(`run ${displayText(run.id)} `), span(glyphs.status[run.status], statusToken(run.status))];
  return [...spans, span(` ${runText(run, state)}`)];
};

const runText = (run: Run, state: State): string => {
  const { snapshot, now } = state;
  const blocks = snapshot?.run.id === run.id ? snapshot.blocks : [];
  const done = blocks.filter(({ status }) => status === 'completed').length;
  if (isActive(run)) {
    const time = run.startedAt ? clock(elapsed(run.startedAt, null, now)) : 'queued';
    const left = timeLeft(state);
    const about = left === null ? '' : `  about ${clock(left)} left`;
    return blocks.length > 0 ? `${time}  ${done}/${blocks.length}${about}` : time;
  }
  const since = run.finishedAt ? ` ${ago(now - Date.parse(run.finishedAt))}` : '';
  if (run.status !== 'failed') {
    const took = run.startedAt && run.finishedAt ? ` in ${duration(elapsed(run.startedAt, run.finishedAt, now))}` : '';
    return `${run.status}${took}`;
  }
  const failed = blocks.filter(({ status }) => status === 'failed').length;
  const notRun = blocks.length - done - failed;
  return `failed${since}${blocks.length > 0 ? `, ${failed} failed, ${notRun} not run` : ''}`;
};
