import { createCanvas } from '../canvas.ts';
import { truncate } from '../text-width.ts';
import { statusToken, type Theme, type Token } from '../theme.ts';
import { detailsOf, drawnNodes, type GraphBlock, isDead, shownName } from './blocks.ts';
import { type GraphLayout, layoutGraph } from './layout.ts';
import { DOWN, LEFT, type Raster, RIGHT, rasterOf, UP } from './raster.ts';

export type GraphPicture = { layout: GraphLayout; raster: Raster; nodeHeight: number };

export type GraphViewport = { width: number; height: number; selected: string | null; focused: boolean };

const cacheLimit = 8;
const pictures = new Map<string, GraphPicture>();

/** Layout of the blocks for so many rows; kept, since only statuses change from frame to frame. */
export const graphPicture = (blocks: readonly GraphBlock[], height: number): GraphPicture => {
  const key = JSON.stringify([height, blocks.map(({ id, name, upstream }) => [id, name, upstream])]);
  const known = pictures.get(key);
  if (known) return known;
  const picture = pictureOf(blocks, height);
  if (pictures.size >= cacheLimit) pictures.delete(pictures.keys().next().value!);
  pictures.set(key, picture);
  return picture;
};

const pictureOf = (blocks: readonly GraphBlock[], height: number): GraphPicture => {
  for (const nodeHeight of [2, 1]) {
    const layout = layoutGraph(drawnNodes(blocks, nodeHeight), { nodeHeight });
    if (layout.height <= height || nodeHeight === 1) return { layout, raster: rasterOf(layout), nodeHeight };
  }
  throw new Error('unreachable');
};

/** The part of the picture round the selected block, as `height` rows of `width` columns. */
export const drawLayered = (
  picture: GraphPicture,
  blocks: readonly GraphBlock[],
  viewport: GraphViewport,
  theme: Theme,
): string[] => {
  const { layout, nodeHeight } = picture;
  const { width, height, selected, focused } = viewport;
  const canvas = createCanvas(width, height, theme);
  const offset = offsetOf(picture, viewport);
  drawLines(picture, blocks, offset, canvas, theme);
  const byId = new Map(blocks.map((block) => [block.id, block]));
  for (const { id, x, y, width: labelWidth } of layout.nodes) {
    const block = byId.get(id);
    if (!block) continue;
    const [column, row] = [x - offset.x, y - offset.y];
    const mark: Token | undefined = id === selected ? (focused ? 'selected' : 'selectedIdle') : undefined;
    canvas.put(column, row, theme.glyphs.status[block.status], statusToken(block.status));
    canvas.put(column + 2, row, shownName(block), mark, id === selected ? 'strong' : undefined);
    if (nodeHeight > 1) canvas.put(column + 2, row + 1, truncate(detailsOf(block), labelWidth - 2), 'muted');
  }
  return canvas.rows();
};

/** Where the viewport stands: at an end if the selected block is in view from there, else round that block. */
export const offsetOf = ({ layout, nodeHeight }: GraphPicture, { width, height, selected }: GraphViewport) => {
  const node = layout.nodes.find(({ id }) => id === selected) ?? layout.nodes[0];
  const { x = 0, y = 0 } = node ?? {};
  return {
    x: along(layout.width, width, x, x + (node?.width ?? 0)),
    y: along(layout.height, height, y, y + nodeHeight),
  };
};

const along = (size: number, room: number, from: number, to: number): number => {
  if (size <= room || to <= room) return 0;
  const last = size - room;
  return from >= last ? last : Math.max(0, Math.min(last, Math.round((from + to - room) / 2)));
};

const drawLines = (
  { layout, raster }: GraphPicture,
  blocks: readonly GraphBlock[],
  offset: { x: number; y: number },
  canvas: ReturnType<typeof createCanvas>,
  theme: Theme,
): void => {
  const { lines, dotted } = theme.glyphs;
  const dead = layoutLines(layout).map((sources) =>
    sources.every((source) => isDead(blocks[source]?.status ?? 'none')),
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
      canvas.put(column, row, glyph, 'muted');
    }
  }
};

const layoutLines = ({ horizontals, verticals }: GraphLayout): number[][] => [
  ...horizontals.map(({ sources }) => sources),
  ...verticals.map(({ sources }) => sources),
];
