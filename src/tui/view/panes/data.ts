import type { Note } from '../../../draw/frame.ts';
import { drawGrid } from '../../../draw/grid.ts';
import { type Span, span } from '../../../draw/line.ts';
import { byteSize, fullCount } from '../../../draw/numbers.ts';
import { sparkOf } from '../../../draw/spark.ts';
import { displayText, truncate } from '../../../draw/text-width.ts';
import type { Theme } from '../../../draw/theme.ts';
import { gridOf, gridRoom, hasSparks } from '../../state/data-grid.ts';
import { isMarked } from '../../state/data-selection.ts';
import { dataView, outputsOf, type ShownData } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import type { PaneContent, PaneSize } from './lists.ts';
import { messageLines } from './message.ts';
import { noted, tabTitle } from './tabs.ts';

/** Rows of an output, a table or a query: types and little histograms in the header, a cell cursor. */
export const dataPane = (state: State, { width, focused }: PaneSize, theme: Theme): PaneContent => {
  const view = dataView(state);
  const { data } = state;
  const title = [...tabTitle(state, theme), ...outputTabs(state, view, theme)];
  const isProfiling = state.dialog?.kind === 'profile';
  if (view.kind === 'none')
    return { title, note: [span(view.title, 'muted')], lines: messageLines({ text: view.reason }, width, theme) };
  if (data.trouble) {
    const { message, fix } = data.trouble;
    const note = [noted(view.title, 2), ...lookNotes(state)];
    return { title, note, lines: messageLines({ text: message, fix, kind: 'error' }, width, theme) };
  }
  if (!data.loaded)
    return { title, note: [noted(view.title, 2)], lines: messageLines({ text: 'Reading the rows.' }, width, theme) };
  const isStale = data.heldKey !== data.key;
  const sparks = hasSparks(state)
    ? ({ name }: { name: string }, columnWidth: number): string => {
        const profile = data.profiles.get(name);
        return profile ? sparkOf(profile, columnWidth, theme) : '';
      }
    : null;
  const lines = drawGrid(
    { ...gridOf(data), sparks },
    {
      width,
      height: gridRoom(state).height,
      top: isStale ? data.staleTop : data.top,
      firstColumn: data.firstColumn,
      cursor: data.cursor,
      selected: (row, column) => isMarked(data, row, column),
      focused: focused || isProfiling,
    },
    theme,
  );
  if (data.rowCount === 0 && data.look.where !== '')
    lines.push(...messageLines({ text: 'No row is so.', fix: 'esc takes the condition away' }, width, theme));
  const shortTitle = [...tabTitle(state, theme, true), ...outputTabs(state, view, theme)];
  return { title, shortTitle, note: notesOf(state, view, isStale), lines };
};

/** `│ output_0 │ output_1`: the outputs of a block that has several. */
const outputTabs = (state: State, view: ShownData, { glyphs }: Theme): Span[] => {
  const outputs = outputsOf(state);
  if (view.kind !== 'output' || outputs.length < 2) return [];
  const shown = Math.min(state.data.output, outputs.length - 1);
  return outputs.flatMap(({ name }, index) => [
    span(` ${glyphs.separator} `, 'border'),
    span(displayText(name), index === shown ? 'strong' : 'muted'),
  ]);
};

const notesOf = (state: State, view: ShownData, isStale: boolean): Note[] => {
  const { data } = state;
  const hidden = data.look.hidden.size;
  return [
    { text: isStale ? 'reading' : '', token: 'warning', weight: 9 },
    noted(view.title, 3),
    ...lookNotes(state),
    noted(data.selection.kind === 'cell' ? '' : `${data.selection.kind}s marked`, 4),
    noted(`${data.estimated ? '~' : ''}${fullCount(data.rowCount)} ${data.rowCount === 1 ? 'row' : 'rows'}`, 5),
    noted(`${fullCount(data.columns.length)} columns`, 1),
    noted(hidden > 0 ? `${fullCount(hidden)} hidden` : '', 4),
    noted(view.kind === 'output' && view.output.bytes !== null ? byteSize(view.output.bytes) : '', 0),
    noted(data.rowCount > 0 ? `cell ${fullCount(data.cursor.row + 1)},${data.cursor.column + 1}` : '', 6),
  ];
};

const lookNotes = ({ data: { look } }: State): Note[] => [
  noted(look.where === '' ? '' : `where ${truncate(displayText(look.where.replace(/\s+/g, ' ')), 40)}`, 7),
  noted(look.sort ? 'sorted' : '', 2),
];
