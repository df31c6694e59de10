import { byteSize, fullCount } from '../../draw/numbers.ts';
import { displayText } from '../../draw/text-width.ts';
import { messageOf } from '../../problem/wand-error.ts';
import { logText, valueText } from '../state/copy-texts.ts';
import { dataView } from '../state/select.ts';
import type { Status } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import type { Copied } from '../term/clipboard.ts';
import type { WorkbenchSource } from '../workbench-source.ts';

/** A copy is for another window; what is longer is exported. */
const mostRows = 100_000;
const mostLines = 10_000;

export type CopyEffects = {
  /** `what` is for the status line: `the error`. */
  copy(what: string, text: string): void;
  /** The column under the cursor, all its rows, one a line. */
  copyColumn(): void;
  /** The log of the selected block or of the run. */
  copyLog(): void;
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
    const { data, pipeline, instance } = state();
    const view = dataView(state());
    const { column } = data.cursor;
    const name = data.columns[column]?.name;
    if (view.kind === 'none' || name === undefined) return;
    const request = { offset: 0, limit: mostRows };
    const page =
      view.kind === 'table'
        ? await source.tablePage(pipeline?.projectPath ?? instance!.projects[0]!.path, data.table!, request)
        : await source.outputPage(view.runId, view.block, view.output.name, request);
    const text = page.rows.map((row) => `${valueText(row[column])}\n`).join('');
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

  return {
    copy: (what, text) => run(put(what, text)),
    copyColumn: () => run(column()),
    copyLog: () => run(log()),
  };
};

const copiedMessage = (what: string, { bytes, where, reason, file }: Copied): string => {
  const name = displayText(what);
  const size = byteSize(bytes);
  if (where === 'clipboard') return `copied ${name} (${size})${file ? `, also in ${displayText(file)}` : ''}`;
  if (file === null) return `${name} (${size}) could not be copied: it is ${reason}, and no file could be written`;
  const why = reason === 'too long' ? 'too long for the clipboard' : 'the clipboard is off';
  return `saved in ${displayText(file)}: ${name} (${size}), ${why}`;
};
