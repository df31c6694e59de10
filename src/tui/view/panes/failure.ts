import { drawFailure } from '../../../draw/failure.ts';
import { span } from '../../../draw/line.ts';
import { timeOfDay } from '../../../draw/log.ts';
import { duration, shortCount } from '../../../draw/numbers.ts';
import { displayText } from '../../../draw/text-width.ts';
import type { Theme } from '../../../draw/theme.ts';
import type { BlockRun, Run } from '../../../model/run.ts';
import { failureKey, shownAttempt } from '../../state/failure-state.ts';
import { blockFile, blockRun, elapsed, failedBlocks } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import type { PaneContent, PaneSize } from './lists.ts';
import { messageLines } from './message.ts';
import { relativePlace } from './tabs.ts';

/** Why the selected block failed, one attempt at a time. */
export const failurePane = (state: State, size: PaneSize, theme: Theme): PaneContent => {
  const title = [span('Failure', 'title')];
  const block = blockRun(state, state.block);
  if (!block?.error) {
    const text = state.snapshot ? 'This block has not failed.' : `Reading run ${displayText(state.runId ?? '')}.`;
    return { title, note: [], lines: messageLines({ text }, size.width, theme) };
  }
  return {
    title,
    note: [span(noteOf(state, block, theme), 'muted')],
    lines: drawFailure(factsOf(state, block, theme), size, theme),
  };
};

const noteOf = (state: State, block: BlockRun, { glyphs }: Theme): string => {
  const failures = failedBlocks(state);
  const at = failures.findIndex(({ uuid }) => uuid === block.uuid);
  const place = `${at + 1} of ${failures.length} failure${failures.length === 1 ? '' : 's'}`;
  return block.attempt > 1 ? `${place} ${glyphs.dot} [ ] other attempts` : place;
};

const factsOf = (state: State, block: BlockRun, theme: Theme): Parameters<typeof drawFailure>[0] => {
  const { failure } = state;
  const loaded = failure.key === failureKey(state) && failure.loaded;
  const shown = shownAttempt(state, block);
  const isLatest = shown.attempt === block.attempt;
  const error = shown.error ?? block.error!;
  const file = error.file ?? blockFile(state, block.uuid)?.file ?? null;
  const code = file === null || !loaded ? undefined : failure.code.get(file);
  const log = loaded ? failure.log.filter(({ attempt }) => attempt === null || attempt === shown.attempt) : [];
  const dot = ` ${theme.glyphs.dot} `;
  const time = shown.finishedAt ? timeOfDay(shown.finishedAt).slice(0, 8) : '';
  return {
    block: block.uuid,
    error,
    attempt: `attempt ${shown.attempt}${block.attempt > 1 ? ` of ${block.attempt}` : ''}`,
    run: `run ${displayText(block.runId)}`,
    time,
    similar: loaded ? failure.similar.map(({ runId }) => runId) : [],
    place: file === null ? null : relativePlace(state, file),
    code: code?.lines ?? null,
    codeNote: code?.changed ? 'the file has changed since' : '',
    variables: state.snapshot ? variablesOf(state.snapshot.run, dot) : '',
    tests: isLatest ? block.tests : [],
    log,
    logCount: log.length,
    notRun: notRunBecauseOf(state),
    kept: keptOf(state),
  };
};

const variablesOf = ({ executionDate, variables }: Run, dot: string): string =>
  [
    `execution date ${displayText(executionDate.slice(0, 10))}`,
    ...Object.entries(variables).map(([name, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return `${displayText(name)} ${displayText(text.slice(0, 40))}`;
    }),
  ].join(dot);

const notRunBecauseOf = ({ snapshot }: State): string[] =>
  (snapshot?.blocks ?? [])
    .filter(({ status, startedAt }) => status === 'upstream_failed' || (status === 'cancelled' && startedAt === null))
    .map(({ uuid }) => uuid);

const keptOf = ({ snapshot }: State): string[] =>
  (snapshot?.blocks ?? [])
    .filter(({ status }) => status === 'completed')
    .map(({ uuid, rows, startedAt, finishedAt }) => {
      const facts = [
        rows === null ? '' : `${shortCount(rows)} rows`,
        startedAt && finishedAt ? duration(elapsed(startedAt, finishedAt, 0)) : '',
      ].filter(Boolean);
      return facts.length > 0 ? `${uuid} (${facts.join(', ')})` : uuid;
    });
