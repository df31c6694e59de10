import { line, type Span, span } from '../line.ts';
import { statusToken, type Theme, type Token } from '../theme.ts';
import type { GraphBlock } from './blocks.ts';
import type { GraphPicture } from './layered-view.ts';

/**
 * The whole picture in one row: a bar says how many blocks stand there one above the other, its colour the worst of them, inverse is what the
 * pane shows. `from` and `room` are the pane's columns in the picture. A picture that goes further down than its pane is mapped from top to
 * bottom instead (`down`), with a bar for the blocks beside each other and the pane's rows.
 */
export const drawMinimap = (
  { layout }: GraphPicture,
  blocks: readonly GraphBlock[],
  { width, from, room, down = false }: { width: number; from: number; room: number; down?: boolean },
  theme: Theme,
): string => {
  const cells = Math.max(10, Math.min(width - 2, 80));
  const scale = (down ? layout.height : layout.width) / cells;
  const status = new Map(blocks.map(({ id, status }) => [id, status]));
  const counts: number[] = new Array(cells).fill(0);
  const tokens: (Token | undefined)[] = new Array(cells).fill(undefined);
  for (const { id, x, y } of layout.nodes) {
    const cell = Math.min(cells - 1, Math.floor((down ? y : x) / scale));
    counts[cell]! += 1;
    const token = statusToken(status.get(id) ?? 'none');
    if (tokens[cell] === undefined || rank(token) > rank(tokens[cell])) tokens[cell] = token;
  }
  const most = Math.max(1, ...counts);
  const bars = [...theme.glyphs.bars];
  const spans: Span[] = [span(' ')];
  for (const [cell, count] of counts.entries()) {
    const seen = (cell + 1) * scale > from && cell * scale < from + room;
    const bar = count === 0 ? theme.glyphs.dot : bars[Math.max(1, Math.round((count / most) * (bars.length - 1)))]!;
    spans.push(span(bar, count === 0 ? 'muted' : tokens[cell], seen ? 'selected' : undefined));
  }
  return line(spans, width, theme);
};

const order: readonly (Token | undefined)[] = ['muted', 'ok', 'running', 'error'];
const rank = (token: Token | undefined): number => order.indexOf(token);
