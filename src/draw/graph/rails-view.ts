import { line, type Span, span } from '../line.ts';
import { fitted, textWidth } from '../text-width.ts';
import { statusToken, type Theme } from '../theme.ts';
import { windowTop } from '../window.ts';
import { detailsOf, drawnNodes, type GraphBlock, shownName } from './blocks.ts';
import type { GraphViewport } from './layered-view.ts';
import { layoutRails, type Rail } from './rails.ts';

/** More lanes than this are cut at the right. */
const mostLanes = 12;

let last: { key: string; rails: Rail[] } = { key: '', rails: [] };

export const railsOf = (blocks: readonly GraphBlock[]): Rail[] => {
  const key = JSON.stringify(blocks.map(({ id, upstream }) => [id, upstream]));
  if (key !== last.key) last = { key, rails: layoutRails(drawnNodes(blocks, 1)) };
  return last.rails;
};

/** One block a row with its figures, lanes at the right: for narrow panes and large graphs. */
export const drawRails = (blocks: readonly GraphBlock[], viewport: GraphViewport, theme: Theme): string[] => {
  const { width, height, selected, focused } = viewport;
  const rails = railsOf(blocks);
  const byId = new Map(blocks.map((block) => [block.id, block]));
  const lanes = Math.min(mostLanes, Math.max(1, ...rails.map(({ bits }) => (bits.length + 1) / 2)));
  const figures = (block: GraphBlock): string =>
    block.remark || block.counts
      ? detailsOf(block, theme.glyphs)
      : `${fitted(block.rows, 6, 'right')} ${fitted(block.time, 7, 'right')}`;
  const figureWidth = Math.max(
    14,
    ...blocks.map((block) => (block.remark || block.counts ? textWidth(figures(block)) : 0)),
  );
  const longest = Math.max(8, ...blocks.map((block) => textWidth(shownName(block))));
  const nameWidth = Math.max(8, Math.min(longest, width - figureWidth - lanes * 2 - 5));
  const top = windowTop(
    rails.length,
    height,
    Math.max(
      0,
      rails.findIndex(({ id }) => id === selected),
    ),
  );
  return rails.slice(top, top + height).map((rail) => {
    const block = rail.id === null ? undefined : byId.get(rail.id);
    const spans: Span[] = block
      ? [
          span(theme.glyphs.status[block.status], statusToken(block.status)),
          span(' '),
          span(
            fitted(shownName(block), nameWidth),
            block.id === selected ? (focused ? 'selected' : 'selectedIdle') : undefined,
            viewport.lit && !viewport.lit.blocks.has(block.id) ? 'muted' : undefined,
          ),
          span(` ${fitted(figures(block), figureWidth, block.remark || block.counts ? 'left' : 'right')}  `, 'muted'),
        ]
      : [span(' '.repeat(nameWidth + figureWidth + 5))];
    return line([...spans, ...laneSpans(rail, block, lanes, theme)], width, theme);
  });
};

const laneSpans = (rail: Rail, block: GraphBlock | undefined, lanes: number, theme: Theme): Span[] => {
  const spans = rail.bits.slice(0, lanes * 2 - 1).map((bits) => span(theme.glyphs.lines[bits]!, 'muted'));
  if (block && rail.lane < lanes) {
    spans[rail.lane * 2] = span(theme.glyphs.status[block.status], statusToken(block.status));
  }
  return rail.bits.length > lanes * 2 - 1 ? [...spans, span(theme.glyphs.more, 'muted')] : spans;
};
