import { createCanvas } from '../canvas.ts';
import { truncate } from '../text-width.ts';
import { statusToken, type Theme, type Token } from '../theme.ts';
import {
  boxedNodes,
  boxHeight,
  detailsOf,
  drawnNodes,
  type GraphBlock,
  isDead,
  shownName,
  stackedNodes,
} from './blocks.ts';
import { type GraphLayout, layoutGraph } from './layout.ts';
import { DOWN, LEFT, type Raster, RIGHT, rasterOf, UP } from './raster.ts';
import { transposedNodes, transposedRaster } from './transpose.ts';

/** Labels on lines, boxes from left to right, boxes from top to bottom. */
export type PictureKind = 'lines' | 'boxes' | 'stacked';

export type GraphPicture = { layout: GraphLayout; raster: Raster; nodeHeight: number; kind: PictureKind };

export type GraphViewport = {
  width: number;
  height: number;
  selected: string | null;
  focused: boolean;
  /** The selected block stands in the middle, as far as the picture goes, even where it would be in view anyway. */
  centred?: boolean;
  /** Blocks that stand out; the others are dim. Null: all alike. */
  lit?: { blocks: ReadonlySet<string>; sources: ReadonlySet<string> } | null;
};

const cacheLimit = 8;
const pictures = new Map<string, GraphPicture>();

/** Layout of the blocks for so many rows; kept, since only statuses change from frame to frame. */
export const graphPicture = (
  blocks: readonly GraphBlock[],
  height: number,
  kind: PictureKind = 'lines',
): GraphPicture => {
  // Only lines fold their second row away where it does not fit.
  const key = JSON.stringify([
    kind === 'lines' ? height : 0,
    kind,
    blocks.map(({ id, name, upstream }) => [id, name, upstream]),
  ]);
  const known = pictures.get(key);
  if (known) return known;
  const picture = pictureOf(blocks, height, kind, placesBefore(blocks, kind));
  if (pictures.size >= cacheLimit) pictures.delete(pictures.keys().next().value!);
  pictures.set(key, picture);
  return picture;
};

/** Rows of the last picture that shows mostly the same blocks, so that one block more does not mix the others. */
const placesBefore = (blocks: readonly GraphBlock[], kind: PictureKind): ReadonlyMap<string, number> | undefined => {
  const ids = new Set(blocks.map(({ id }) => id));
  const last = [...pictures.values()].findLast(({ layout: { nodes }, kind: other }) => {
    if ((other === 'stacked') !== (kind === 'stacked')) return false;
    const shared = nodes.filter(({ id }) => ids.has(id)).length;
    return shared * 2 > Math.max(nodes.length, ids.size);
  });
  const across = last?.kind === 'stacked' ? 'x' : 'y';
  return last && new Map(last.layout.nodes.map((node) => [node.id, node[across]]));
};

const pictureOf = (
  blocks: readonly GraphBlock[],
  height: number,
  kind: PictureKind,
  previous: ReadonlyMap<string, number> | undefined,
): GraphPicture => {
  if (kind === 'boxes') {
    const layout = layoutGraph(boxedNodes(blocks), { nodeHeight: boxHeight, above: 1, previous });
    return { layout, raster: rasterOf(layout), nodeHeight: boxHeight, kind };
  }
  if (kind === 'stacked') {
    const lying = layoutGraph(stackedNodes(blocks), { nodeHeight: boxHeight, previous, gap: closeGap });
    const width = new Map(boxedNodes(blocks).map((node) => [node.id, node.width]));
    const layout = transposedNodes(lying, (id) => width.get(id)!);
    return { layout, raster: transposedRaster(rasterOf(lying)), nodeHeight: boxHeight, kind };
  }
  for (const nodeHeight of [2, 1]) {
    const layout = layoutGraph(drawnNodes(blocks, nodeHeight), { nodeHeight, previous });
    if (layout.height <= height || nodeHeight === 1) return { layout, raster: rasterOf(layout), nodeHeight, kind };
  }
  throw new Error('unreachable');
};

/** Lines of boxes from top to bottom begin at the border; a row of each box's own comes before what goes across. */
const closeGap = { air: 0, lead: 1, trail: 1, straight: 1 };

/** The part of the picture round the selected block, as `height` rows of `width` columns. */
export const drawLayered = (
  picture: GraphPicture,
  blocks: readonly GraphBlock[],
  viewport: GraphViewport,
  theme: Theme,
): string[] => {
  const { layout, nodeHeight, kind } = picture;
  const boxed = kind !== 'lines';
  const { width, height, selected, focused, lit } = viewport;
  const canvas = createCanvas(width, height, theme);
  const offset = offsetOf(picture, viewport);
  drawLines(picture, blocks, viewport, offset, canvas, theme);
  const byId = new Map(blocks.map((block) => [block.id, block]));
  for (const { id, x, y, width: labelWidth } of layout.nodes) {
    const block = byId.get(id);
    if (!block) continue;
    const dim = lit && !lit.blocks.has(id) ? 'muted' : undefined;
    if (boxed) drawBox(canvas, x - offset.x, y - offset.y, labelWidth, dim ?? statusToken(block.status), theme);
    const [column, row] = boxed ? [x - offset.x + 2, y - offset.y + 1] : [x - offset.x, y - offset.y];
    const mark: Token | undefined = id === selected ? (focused ? 'selected' : 'selectedIdle') : undefined;
    canvas.put(column, row, theme.glyphs.status[block.status], dim ?? statusToken(block.status));
    canvas.put(column + 2, row, shownName(block), mark, id === selected ? 'strong' : dim);
    const room = labelWidth - (boxed ? 6 : 2);
    if (nodeHeight > 1) canvas.put(column + 2, row + 1, truncate(detailsOf(block, theme.glyphs), room), 'muted');
  }
  if (kind === 'stacked') drawPorts(picture, offset, canvas, theme);
  return canvas.rows();
};

/** Where a line from above enters a box, or one leaves it below, the border has a join. */
const drawPorts = (
  { layout, raster }: GraphPicture,
  offset: { x: number; y: number },
  canvas: ReturnType<typeof createCanvas>,
  { glyphs: { lines } }: Theme,
): void => {
  const bits = (x: number, y: number): number =>
    y < 0 || y >= raster.height || x >= raster.width ? 0 : raster.bits[y * raster.width + x]!;
  for (const { x, y, width } of layout.nodes) {
    const middle = x + (width >> 1);
    if (bits(middle, y - 1) & DOWN) canvas.put(middle - offset.x, y - offset.y, lines[UP | LEFT | RIGHT]!);
    if (bits(middle, y + boxHeight) & UP)
      canvas.put(middle - offset.x, y + boxHeight - 1 - offset.y, lines[DOWN | LEFT | RIGHT]!);
  }
};

const drawBox = (
  canvas: ReturnType<typeof createCanvas>,
  x: number,
  y: number,
  width: number,
  token: Token,
  { glyphs: { lines } }: Theme,
): void => {
  const across = lines[LEFT | RIGHT]!.repeat(width - 2);
  canvas.put(x, y, lines[RIGHT | DOWN]! + across + lines[LEFT | DOWN]!, token);
  for (const row of [y + 1, y + 2]) {
    canvas.put(x, row, lines[UP | DOWN]!, token);
    canvas.put(x + width - 1, row, lines[UP | DOWN]!, token);
  }
  canvas.put(x, y + 3, lines[UP | RIGHT]! + across + lines[UP | LEFT]!, token);
};

/** Where the viewport stands: at an end if the selected block is in view from there, else round that block. */
export const offsetOf = ({ layout, nodeHeight }: GraphPicture, { width, height, selected, centred }: GraphViewport) => {
  const node = layout.nodes.find(({ id }) => id === selected) ?? layout.nodes[0];
  const { x = 0, y = 0 } = node ?? {};
  return {
    x: along(layout.width, width, x, x + (node?.width ?? 0), centred),
    y: along(layout.height, height, y, y + nodeHeight, centred),
  };
};

const along = (size: number, room: number, from: number, to: number, centred = false): number => {
  if (size <= room || (to <= room && !centred)) return 0;
  const last = size - room;
  if (from >= last && !centred) return last;
  return Math.max(0, Math.min(last, Math.round((from + to - room) / 2)));
};

const drawLines = (
  { layout, raster }: GraphPicture,
  blocks: readonly GraphBlock[],
  { selected, lit }: GraphViewport,
  offset: { x: number; y: number },
  canvas: ReturnType<typeof createCanvas>,
  theme: Theme,
): void => {
  const { lines, dotted } = theme.glyphs;
  const sourcesOf = layoutLines(layout);
  const dead = sourcesOf.map((sources) =>
    sources.every((source) => blocks[source] !== undefined && isDead(blocks[source])),
  );
  // Without anything lit: where the selected block's rows go.
  const bright = sourcesOf.map((sources) =>
    sources.every((source) => {
      const id = blocks[source]?.id ?? '';
      return lit ? lit.sources.has(id) : id === selected;
    }),
  );
  for (let row = 0; row < canvas.height; row++) {
    for (let column = 0; column < canvas.width; column++) {
      const [x, y] = [column + offset.x, row + offset.y];
      if (x >= raster.width || y >= raster.height) continue;
      const at = y * raster.width + x;
      const bits = raster.bits[at]!;
      if (bits === 0) continue;
      const isDotted = dead[raster.owner[at]!];
      const glyph =
        isDotted && bits === (LEFT | RIGHT)
          ? dotted.horizontal
          : isDotted && bits === (UP | DOWN)
            ? dotted.vertical
            : lines[bits]!;
      canvas.put(column, row, glyph, bright[raster.owner[at]!] ? 'info' : 'muted');
    }
  }
};

const layoutLines = ({ horizontals, verticals }: GraphLayout): number[][] => [
  ...horizontals.map(({ sources }) => sources),
  ...verticals.map(({ sources }) => sources),
];
