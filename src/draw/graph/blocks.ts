import type { Glyphs, StatusName } from '../glyphs.ts';
import { textWidth, truncate } from '../text-width.ts';
import type { DrawnNode } from './ranks.ts';

/** A block as the graph shows it. `details` stands below or beside the name: rows and time. */
export type GraphBlock = {
  id: string;
  /** Safe to print. */
  name: string;
  status: StatusName;
  upstream: readonly string[];
  rows: string;
  time: string;
  /** In place of rows and time where there is more to say: `3 of 3 attempts`, `not run`. */
  remark: string;
  /** A box of several blocks: how many there are of each status, from the worst on. */
  counts?: readonly (readonly [StatusName, number])[];
  /** A box: whether nothing comes out of it, whatever its status. */
  dead?: boolean;
};

/** Wide enough for `1.37M  1.2s`, so that the picture does not move when figures arrive. */
const leastLabel = 12;
const widestLabel = 32;

export const shownName = ({ name }: GraphBlock): string => truncate(name, widestLabel);

export const drawnNodes = (blocks: readonly GraphBlock[], nodeHeight: number): DrawnNode[] =>
  blocks.map((block) => ({
    id: block.id,
    upstream: block.upstream,
    name: 2 + textWidth(shownName(block)),
    width: 2 + Math.max(textWidth(shownName(block)), nodeHeight > 1 ? leastLabel : 0),
  }));

export const detailsOf = ({ remark, rows, time, counts }: GraphBlock, { status: marks }: Glyphs): string =>
  counts?.map(([status, count]) => `${count}${marks[status]}`).join(' ') ??
  (remark || [rows, time].filter((part) => part !== '').join('  '));

/** Nodes with a border: two columns more at each side, and lines begin behind the border. */
export const boxedNodes = (blocks: readonly GraphBlock[]): DrawnNode[] =>
  blocks.map((block) => {
    const width = 6 + Math.max(textWidth(shownName(block)), leastLabel);
    return { id: block.id, upstream: block.upstream, width };
  });

/** Out-edges of these are drawn dotted: nothing came or will come along them. */
export const isDead = ({ status, dead }: Pick<GraphBlock, 'status' | 'dead'>): boolean => dead ?? deadStatus(status);

const deadStatus = (status: StatusName): boolean =>
  status === 'failed' || status === 'cancelled' || status === 'upstream_failed' || status === 'condition_failed';

/** Border, name, details, border. */
export const boxHeight = 4;

/** Boxes in ranks from top to bottom: a column of air at each side, lines at the middle of the border. */
export const stackedNodes = (blocks: readonly GraphBlock[]): DrawnNode[] =>
  boxedNodes(blocks).map(({ id, upstream, width }) => ({
    id,
    upstream,
    width: boxHeight,
    across: { size: width + 2, before: 1 + (width >> 1) },
  }));
