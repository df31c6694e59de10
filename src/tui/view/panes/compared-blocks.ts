import { type Span, span } from '../../../draw/line.ts';
import { duration, fullCount } from '../../../draw/numbers.ts';
import { displayText, fitted, textWidth } from '../../../draw/text-width.ts';
import { statusToken, type Theme } from '../../../draw/theme.ts';
import type { BlockRun } from '../../../model/run.ts';
import { otherRun } from '../../state/past-state.ts';
import type { State } from '../../state/state.ts';
import { heading, statusSpan, took } from './detail-parts.ts';

type Pair = { name: string; here: BlockRun | undefined; there: BlockRun | undefined };

/** Columns besides the name: status, time and rows in both runs. */
type Widths = { name: number; status: number; rows: number; short: boolean };

const timeWidth = 9;
const changeWidth = 7;

/** The blocks of both runs side by side; what is the same in both is dim. In a narrow pane a status is its glyph alone. */
export const comparisonRows = (state: State, theme: Theme, width: number): Span[][] => {
  const other = otherRun(state);
  if (!other) return [heading('there is no other run to compare with')];
  const { otherSnapshot } = state.past;
  if (otherSnapshot?.run.id !== other.id) return [heading(`reading run ${displayText(other.id)}`)];
  const [here, there] = [state.snapshot?.blocks ?? [], otherSnapshot.blocks];
  const pairs = [...new Set([...here, ...there].map(({ uuid }) => uuid))].map((name): Pair => {
    const [one, two] = [here, there].map((blocks) => blocks.find(({ uuid }) => uuid === name));
    return { name, here: one, there: two };
  });
  const widths = widthsOf(pairs, other.id, width, theme);
  return [
    heading(`compared with run ${displayText(other.id)}  `, statusSpan(other.status, theme)),
    [span(`   ${headOf(widths, other.id)}`, 'muted')],
    ...pairs.map((pair) => comparedRow(pair, widths, theme)),
  ];
};

const widthsOf = (pairs: readonly Pair[], otherId: string, room: number, theme: Theme): Widths => {
  const both = pairs.flatMap(({ here, there }) => [here, there]);
  const widest = (texts: readonly string[]): number => Math.max(...texts.map((text) => textWidth(text)));
  const name = Math.min(28, widest(['block   ', ...pairs.map((pair) => displayText(pair.name))]));
  const rows = 2 + widest(['were', ...both.map(rowsText)]);
  const status = 2 + widest(['this run', `run ${otherId}`, ...both.map((block) => statusText(block, theme))]);
  const needed = 3 + name + 2 + 2 * status + 2 * timeWidth + changeWidth + 2 * rows;
  return { name, rows, status: needed > room ? 3 : status, short: needed > room };
};

const headOf = ({ name, status, rows, short }: Widths, otherId: string): string =>
  [
    `${fitted('block', name)}  `,
    short ? ' '.repeat(2 * status) : fitted('this run', status) + fitted(`run ${otherId}`, status),
    fitted('time', timeWidth, 'right') + fitted('was', timeWidth, 'right') + ' '.repeat(changeWidth),
    fitted('rows', rows, 'right') + fitted('were', rows, 'right'),
  ].join('');

const rowsText = (block: BlockRun | undefined): string =>
  block === undefined || block.rows === null ? '' : fullCount(block.rows);

const statusText = (block: BlockRun | undefined, theme: Theme): string =>
  block ? `${theme.glyphs.status[block.status]} ${block.status}` : 'not in it';

const comparedRow = ({ name, here, there }: Pair, widths: Widths, theme: Theme): Span[] => {
  const status = (block: BlockRun | undefined): Span => {
    const text = widths.short ? (block ? theme.glyphs.status[block.status] : '') : statusText(block, theme);
    return span(fitted(text, widths.status), block ? statusToken(block.status) : 'muted');
  };
  const [now, before] = [here, there].map((block) => (block ? took(block) : null));
  const ratio = now && before ? now / before : null;
  const isAlike = ratio === null || Math.abs(now! - before!) < 100 || (ratio > 0.8 && ratio < 1.25);
  const change = isAlike ? '' : `${ratio.toFixed(ratio > 1 ? 1 : 2)}x`;
  const time = (value: number | null | undefined): string =>
    fitted(value === null || value === undefined ? '' : duration(value), timeWidth, 'right');
  const rows = (block: BlockRun | undefined): string => fitted(rowsText(block), widths.rows, 'right');
  return [
    span(`   ${fitted(displayText(name), widths.name)}  `),
    status(here),
    status(there),
    span(time(now)),
    span(time(before), 'muted'),
    span(fitted(change, changeWidth, 'right'), ratio !== null && ratio > 1 ? 'warning' : 'ok'),
    span(rows(here), here?.rows === there?.rows ? undefined : 'warning'),
    span(rows(there), 'muted'),
  ];
};
