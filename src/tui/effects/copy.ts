import { byteSize, fullCount } from '../../draw/numbers.ts';
import { displayText } from '../../draw/text-width.ts';
import type { LogLine } from '../../model/run.ts';
import { messageOf } from '../../problem/wand-error.ts';
import { logText, valueText } from '../state/copy-texts.ts';
import { cursorColumn } from '../state/data-grid.ts';
import { choiceOf } from '../state/data-look.ts';
import { cursorAt, markedLines } from '../state/log-place.ts';
import { dataView, logQuery } from '../state/select.ts';
import type { Status } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import type { Copied } from '../term/clipboard.ts';
import type { WorkbenchSource } from '../workbench-source.ts';
import { readPage } from './data-loader.ts';

/** A copy is for another window; what is longer is exported. */
const mostRows = 100_000;
const mostLines = 10_000;
const pageLines = 1_000;

export type CopyEffects = {
  /** `what` is for the status line: `the error`. */
  copy(what: string, text: string): void;
  /** The column under the cursor, all its rows, one a line. */
  copyColumn(): void;
  /** The log of the selected block or of the run. */
  copyLog(): void;
  /** The line of the log under the cursor, its text alone; or all marked lines, as the log has them. */
  copyLines(): void;
};

export const createCopy = (
  source: WorkbenchSource,
  { state, dispatch }: Store,
  copyText: (text: string) => Promise<Copied>,
): CopyEffects => {
  const say = (text: string, kind: Status['kind']): void => dispatch({ type: 'status', status: { text, kind } });
  const put = async (what: string, text: string, more = ''): Promise<void> => {
    const copied = await copyText(text);
    const kind = copied.where === 'clipboard' ? 'info' : copied.file === null ? 'error' : 'warning';
    say(copiedMessage(what, copied) + more, kind);
  };
  const run = (work: Promise<void>): void => void work.catch((error) => say(messageOf(error), 'error'));

  const column = async (): Promise<void> => {
    const { data } = state();
    const view = dataView(state());
    const at = cursorColumn(data);
    if (view.kind === 'none' || !at) return;
    const { name } = at.column;
    const page = await readPage(source, state(), view, {
      offset: 0,
      limit: mostRows,
      columns: { from: at.index, count: 1 },
      ...choiceOf(data.look),
    });
    const place = at.index - (page.from ?? 0);
    const text = page.rows.map((row) => `${valueText(row[place])}\n`).join('');
    const cut = page.rows.length === mostRows ? `, the first ${fullCount(mostRows)} rows` : '';
    await put(`column ${name}`, text, cut);
  };

  const log = async (): Promise<void> => {
    const { runId, block, logs } = state();
    if (runId === null) return;
    const of = logs.scope === 'block' ? block : null;
    const lines = await source.logLines(runId, { block: of, after: 0, last: mostLines });
    const cut = lines.length === mostLines ? `, the last ${fullCount(mostLines)} lines` : '';
    await put(of === null ? `the log of run ${runId}` : `the log of ${of}`, logText(lines), cut);
  };

  const lines = async (): Promise<void> => {
    const { runId, logs } = state();
    const under = logs.lines[cursorAt(logs)];
    const marked = markedLines(logs);
    if (runId === null || !under) return;
    if (!marked) return put(`line ${fullCount(under.sequence)}`, under.text);
    const found = await linesBetween(runId, logQuery(state()), marked);
    if (found.lines.length === 0) {
      say('none of the marked lines passes the filter', 'warning');
      return;
    }
    const cut = found.isCut ? `, the first ${fullCount(mostLines)} lines` : '';
    await put(
      found.lines.length === 1 ? '1 line' : `${fullCount(found.lines.length)} lines`,
      logText(found.lines),
      cut,
    );
  };

  /** More may be marked than the pane holds. */
  const linesBetween = async (
    runId: string,
    query: ReturnType<typeof logQuery>,
    { first, last }: { first: number; last: number },
  ): Promise<{ lines: LogLine[]; isCut: boolean }> => {
    const found: LogLine[] = [];
    for (let from = first - 1; from < last && found.length <= mostLines; ) {
      const page = await source.logPage(runId, { ...query, side: 'newer', from, limit: pageLines });
      found.push(...page.lines.filter(({ sequence }) => sequence <= last));
      if (page.end) break;
      from = page.reached;
    }
    return { lines: found.slice(0, mostLines), isCut: found.length > mostLines };
  };

  return {
    copy: (what, text) => run(put(what, text)),
    copyColumn: () => run(column()),
    copyLog: () => run(log()),
    copyLines: () => run(lines()),
  };
};

const copiedMessage = (what: string, { bytes, where, reason, file }: Copied): string => {
  const name = displayText(what);
  const size = byteSize(bytes);
  if (where === 'clipboard') return `copied ${name} (${size})${file ? `, also in ${shortPath(file)}` : ''}`;
  if (file === null) return `${name} (${size}) could not be copied: it is ${reason}, and no file could be written`;
  const why = reason === 'too long' ? 'too long for the clipboard' : 'the clipboard is off';
  return `saved in ${shortPath(file)}: ${name} (${size}), ${why}`;
};

/** A line of 80 columns has room for this much of a path; of a longer one the end tells more. */
const longestPath = 40;

const shortPath = (file: string): string =>
  file.length <= longestPath ? displayText(file) : `…/${displayText(file.split('/').slice(-2).join('/'))}`;
