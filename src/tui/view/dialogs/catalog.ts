import { type Span, span } from '../../../draw/line.ts';
import { drawList, type ListRow } from '../../../draw/list.ts';
import { byteSize, shortCount } from '../../../draw/numbers.ts';
import { displayText, fitted } from '../../../draw/text-width.ts';
import type { Theme } from '../../../draw/theme.ts';
import { followCursor } from '../../../draw/window.ts';
import { type CatalogDialog, type CatalogRow, catalogRows } from '../../state/catalog.ts';
import { messageLines } from '../panes/message.ts';
import type { DialogContent } from './content.ts';

/** Schemas, tables with estimate and size, columns with type, indexes with what they are on. */
export const catalogContent = (dialog: CatalogDialog, width: number, height: number, theme: Theme): DialogContent => {
  const title = [span('tables', 'title')];
  const hint = 'type to filter, enter shows rows, right unfolds';
  const note = [dialog.filter === '' ? span(hint, 'muted') : span(displayText(dialog.filter), 'match')];
  const message = (text: string): DialogContent => ({ title, note, lines: messageLines({ text }, width, theme) });
  if (dialog.trouble) {
    const { message: text, fix } = dialog.trouble;
    return { title, note, lines: messageLines({ text, fix, kind: 'error' }, width, theme) };
  }
  if (!dialog.entries) return message('Reading the list of tables.');
  const rows = catalogRows(dialog);
  if (rows.length === 0) return message('There is no such table.');
  const top = followCursor(0, height, dialog.cursor, rows.length);
  const shown = rows.slice(top, top + height).map((row) => drawnRow(row, theme));
  const viewport = { width, height, top: 0, cursor: dialog.cursor - top, focused: true };
  return { title, note, lines: drawList(shown, viewport, theme) };
};

const drawnRow = (row: CatalogRow, { glyphs }: Theme): ListRow => {
  switch (row.kind) {
    case 'schema':
      return {
        left: [span(` ${row.isFolded ? glyphs.closed : glyphs.open} `), span(displayText(row.schema), 'strong')],
        right: [span(` ${row.tables} ${row.tables === 1 ? 'table' : 'tables'} `, 'muted')],
      };
    case 'table': {
      const { table, kind, rowEstimate, bytes, profile } = row.entry;
      // A table that was never analysed has no estimate.
      const rows = rowEstimate > 0 ? `~${shortCount(rowEstimate)} rows  ` : '';
      const size = kind === 'view' ? ' view  ' : ` ${rows}${fitted(byteSize(bytes), 7, 'right')}  `;
      return {
        left: [span(`   ${row.isOpen ? glyphs.open : glyphs.closed} `, 'muted'), span(displayText(table))],
        right: [span(size, 'muted'), span(`${displayText(profile)} `, 'info')],
      };
    }
    case 'column': {
      const { name, type, nullable, default: fallback } = row.column;
      const more: Span[] = [
        span(displayText(type), 'type'),
        span(
          `${nullable ? '' : ' not null'}${fallback === null ? '' : ` default ${displayText(fallback.slice(0, 60))}`} `,
          'muted',
        ),
      ];
      return { left: [span('       '), span(displayText(name))], right: [span(' '), ...more] };
    }
    case 'index': {
      const { name, definition, unique, primary, bytes } = row.index;
      const on = displayText(/ USING (.*)$/s.exec(definition)?.[1] ?? definition);
      const what = primary ? 'primary key' : unique ? 'unique index' : 'index';
      return {
        left: [span(`       ${what} `, 'muted'), span(displayText(name)), span(` ${on}`, 'muted')],
        right: [span(` ${byteSize(bytes)} `, 'muted')],
      };
    }
    default:
      return { left: [span(`       ${displayText(row.text)}`, row.isTrouble ? 'error' : 'muted')] };
  }
};
