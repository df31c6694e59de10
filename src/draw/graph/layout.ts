import { routeChannel, type Trunk } from './channel.ts';
import { rankedItems } from './items.ts';
import { orderRanks } from './order.ts';
import { acyclicEdges, type DrawnNode, rankNodes } from './ranks.ts';
import { placeRows } from './rows.ts';

export type PlacedNode = { id: string; x: number; y: number; width: number; rank: number };

/** Lines on whole cells, ends included. Horizontals of one row never overlap except where they say the same. */
export type Horizontal = {
  y: number;
  from: number;
  to: number;
  openLeft: boolean;
  openRight: boolean;
  sources: number[];
};
export type Vertical = { x: number; from: number; to: number; joins: number[]; sources: number[] };

export type GraphLayout = {
  nodes: PlacedNode[];
  horizontals: Horizontal[];
  verticals: Vertical[];
  width: number;
  height: number;
};

export type LayoutOptions = {
  /** Rows of a node: 1 for the name alone, 2 with a line of details below. */
  nodeHeight: number;
  /** Of these so many above the one that lines meet: 1 for a box, whose border comes first. */
  above?: number;
  /** Where blocks stood before, by id: the order stays as it is where it is as good as another. */
  previous?: ReadonlyMap<string, number>;
  /** Columns from one vertical line to the next: 2 reads better, 1 is narrower. */
  trackGap?: number;
  /** Columns of each gap between ranks besides its vertical lines. */
  gap?: Gap;
};

type Gap = {
  /** Blank columns between a node and a line. */
  air: number;
  /** Columns of a line before the first vertical, and behind the last one. */
  lead: number;
  trail: number;
  /** Columns where no vertical line is needed: all of them lines. */
  straight: number;
};

/** For labels in rows. */
const wideGap: Gap = { air: 1, lead: 2, trail: 1, straight: 3 };

/** Left-to-right layered layout on whole cells: rank, points, order, rows, channels (terminal.md B3). */
export const layoutGraph = (nodes: readonly DrawnNode[], options: LayoutOptions): GraphLayout => {
  const { nodeHeight, above = 0, trackGap = 1, previous, gap = wideGap } = options;
  const across = (node: number) => nodes[node]!.across ?? { size: nodeHeight, before: above };
  if (nodes.length === 0) return { nodes: [], horizontals: [], verticals: [], width: 0, height: 0 };
  const edges = acyclicEdges(nodes);
  const sizes = new Map(nodes.map(({ id }, node) => [id, across(node).size]));
  const ranked = rankedItems(edges, rankNodes(edges));
  const order = orderRanks(ranked, previous && ((node) => previous.get(nodes[node]!.id)));
  const row = placeRows(ranked, order, across);
  const { items } = ranked;
  const layout: GraphLayout = { nodes: [], horizontals: [], verticals: [], width: 0, height: 0 };
  let x = 0;
  for (const [rank, level] of order.entries()) {
    const widest = Math.max(0, ...level.map((item) => labelWidth(items[item]!.node, nodes)));
    const hasNodes = widest > 0;
    for (const item of level) {
      const { node, source } = items[item]!;
      if (node === null) {
        if (hasNodes) layout.horizontals.push(through(row[item]!, x - gap.air, x + widest - 1 + gap.air, source));
      } else {
        layout.nodes.push({
          id: nodes[node]!.id,
          x,
          y: row[item]! - across(node).before,
          width: nodes[node]!.width,
          rank,
        });
      }
    }
    const start = hasNodes ? x + widest + gap.air : x;
    const lead = hasNodes ? gap.lead : 0;
    layout.width = Math.max(layout.width, x + widest);
    const channel = routeChannel(items, level, row);
    const tracks = Math.max(0, channel.tracks * trackGap - (trackGap - 1));
    const columns = tracks > 0 ? lead + tracks + gap.trail : hasNodes ? gap.straight : 1;
    const end = start + columns - 1;
    const sourceOf = (item: number): number => items[item]!.source;
    const leftEdge = (item: number): number => {
      const { node } = items[item]!;
      return node === null ? start : x + (nodes[node]!.name ?? nodes[node]!.width) + gap.air;
    };
    const columnOf = (trunk: Trunk): number => start + lead + trunk.track * trackGap;
    drawChannel(layout, channel, { level, row, leftEdge, sourceOf, columnOf, end });
    x = end + 1 + (order[rank + 1]?.some((item) => items[item]!.node !== null) ? gap.air : 0);
  }
  for (const { id, y } of layout.nodes) layout.height = Math.max(layout.height, y + sizes.get(id)!);
  for (const { to } of layout.verticals) layout.height = Math.max(layout.height, to + 1);
  for (const { y } of layout.horizontals) layout.height = Math.max(layout.height, y + 1);
  return layout;
};

const labelWidth = (node: number | null, nodes: readonly DrawnNode[]): number =>
  node === null ? 0 : nodes[node]!.width;

const through = (y: number, from: number, to: number, source: number): Horizontal => ({
  y,
  from,
  to,
  openLeft: true,
  openRight: true,
  sources: [source],
});

type ChannelPlace = {
  level: readonly number[];
  row: readonly number[];
  leftEdge(item: number): number;
  sourceOf(item: number): number;
  columnOf(trunk: Trunk): number;
  end: number;
};

const drawChannel = (layout: GraphLayout, channel: ReturnType<typeof routeChannel>, place: ChannelPlace): void => {
  const { level, row, leftEdge, sourceOf, columnOf, end } = place;
  const itemAt = new Map(level.map((item) => [row[item]!, item]));
  for (const { row: y, sources } of channel.straight) {
    layout.horizontals.push({
      y,
      from: leftEdge(itemAt.get(y)!),
      to: end,
      openLeft: true,
      openRight: true,
      sources: sources.map(sourceOf),
    });
  }
  for (const trunk of channel.trunks) {
    const x = columnOf(trunk);
    const sources = trunk.sources.map(sourceOf);
    layout.verticals.push({ x, from: trunk.top, to: trunk.bottom, joins: trunk.joins, sources });
    for (const y of trunk.left) {
      const giver = y === trunk.takes ? channel.trunks.find(({ right }) => right.includes(y)) : undefined;
      const from = giver ? columnOf(giver) : leftEdge(itemAt.get(y)!);
      layout.horizontals.push({
        y,
        from,
        to: x,
        openLeft: !giver,
        openRight: false,
        sources: giver ? sources : [sourceOf(itemAt.get(y)!)],
      });
    }
    for (const y of trunk.right) {
      if (channel.trunks.some(({ takes }) => takes === y)) continue;
      layout.horizontals.push({ y, from: x, to: end, openLeft: false, openRight: true, sources });
    }
  }
};
