import type { StatusName } from '../glyphs.ts';
import { type GraphBlock, isDead } from './blocks.ts';
import { acyclicEdges } from './ranks.ts';

/** The graph with folders as boxes. A box is a node like any other; what it holds is found by its id. */
export type FoldedGraph = {
  blocks: GraphBlock[];
  /** The node that shows a block: itself or the box that holds it. */
  nodeOf: ReadonlyMap<string, string>;
  /** Blocks of each box, in the order of the file; only boxes are in here. */
  members: ReadonlyMap<string, readonly string[]>;
};

/**
 * Puts blocks of one folder into one box, where `folderOf` names a folder. Never makes a cycle of what had none: where a
 * path leaves the folder and comes back, the blocks before and after it are two boxes. A box of one block is that block.
 */
export const foldBlocks = (blocks: readonly GraphBlock[], folderOf: (id: string) => string | null): FoldedGraph => {
  const { nodes, boxes } = structureOf(blocks, folderOf);
  return {
    blocks: foldedBlocks(blocks, nodes, boxes),
    nodeOf: new Map(nodes.flatMap(({ id, held }) => held.map((block) => [block, id]))),
    members: new Map(nodes.flatMap(({ id, held }) => (boxes.has(id) ? [[id, held]] : []))),
  };
};

type Structure = { nodes: Node[]; boxes: ReadonlyMap<string, Box> };

let last: { key: string; structure: Structure } = { key: '', structure: { nodes: [], boxes: new Map() } };

/** Which nodes there are; kept, since only statuses change from frame to frame. */
const structureOf = (blocks: readonly GraphBlock[], folderOf: (id: string) => string | null): Structure => {
  const folders = new Map<string, Set<string>>();
  for (const { id } of blocks) {
    const folder = folderOf(id);
    if (folder !== null) folders.set(folder, (folders.get(folder) ?? new Set()).add(id));
  }
  if (folders.size === 0)
    return { nodes: blocks.map(({ id, upstream }) => ({ id, upstream, held: [id] })), boxes: new Map() };
  const key = JSON.stringify([
    blocks.map(({ id, upstream }) => [id, upstream]),
    [...folders].map(([folder, held]) => [folder, ...held]),
  ]);
  if (key === last.key) return last.structure;
  let nodes: Node[] = blocks.map(({ id, upstream }) => ({ id, upstream, held: [id] }));
  const boxes = new Map<string, Box>();
  for (const [folder, held] of folders) nodes = contracted(nodes, folder, held, boxes);
  last = { key, structure: { nodes, boxes } };
  return last.structure;
};

type Node = { id: string; upstream: readonly string[]; held: string[] };
/** One box of a folder; a folder that has several counts them from 1. */
type Box = { folder: string; part: number; parts: number };

const contracted = (nodes: Node[], folder: string, held: ReadonlySet<string>, boxes: Map<string, Box>): Node[] => {
  const part = partsOf(nodes, held);
  const idOf = new Map<string, string>();
  const grouped = new Map<number, Node[]>();
  for (const node of nodes) {
    if (held.has(node.id)) grouped.set(part.get(node.id)!, [...(grouped.get(part.get(node.id)!) ?? []), node]);
  }
  const parts = [...grouped].filter(([, own]) => own.length > 1).sort(([one], [other]) => one - other);
  for (const [index, [, own]] of parts.entries()) {
    const box = `\u0000${folder}\u0000${index + 1}`;
    boxes.set(box, { folder, part: index + 1, parts: parts.length });
    for (const { id } of own) idOf.set(id, box);
  }
  const merged = new Map<string, Node>();
  for (const node of nodes) {
    const id = idOf.get(node.id) ?? node.id;
    if (id === node.id && !node.upstream.some((source) => idOf.has(source))) {
      merged.set(id, node);
      continue;
    }
    const before = merged.get(id);
    const upstream = node.upstream.map((source) => idOf.get(source) ?? source).filter((source) => source !== id);
    merged.set(id, {
      id,
      upstream: [...new Set([...(before?.upstream ?? []), ...upstream])],
      held: [...(before?.held ?? []), ...node.held],
    });
  }
  return [...merged.values()];
};

/**
 * Which box each held block goes into: along a path the number never falls, and rises where the path has left the folder
 * and comes back. So nothing leads from a box back into it or into one before it.
 */
const partsOf = (nodes: readonly Node[], held: ReadonlySet<string>): Map<string, number> => {
  const { upstream, order } = acyclicEdges(
    nodes.map(({ id, upstream: sources }) => ({ id, upstream: sources, width: 0 })),
  );
  /** The highest box among a node and what is above it; -1 without any. */
  const highest: number[] = new Array(nodes.length).fill(-1);
  const isHeld = (node: number): boolean => held.has(nodes[node]!.id);
  for (const node of order) {
    for (const source of upstream[node]!) {
      const entered = isHeld(node) && !isHeld(source) && highest[source]! >= 0 ? 1 : 0;
      highest[node] = Math.max(highest[node]!, highest[source]! + entered);
    }
    if (isHeld(node)) highest[node] = Math.max(0, highest[node]!);
  }
  return new Map(nodes.map(({ id }, node) => [id, highest[node]!]));
};

const foldedBlocks = (
  blocks: readonly GraphBlock[],
  nodes: readonly Node[],
  boxes: ReadonlyMap<string, Box>,
): GraphBlock[] => {
  const byId = new Map(blocks.map((block) => [block.id, block]));
  const feeds = new Map<string, Set<string>>();
  for (const { id, upstream } of blocks) {
    for (const source of upstream) feeds.set(source, (feeds.get(source) ?? new Set()).add(id));
  }
  return nodes.map(({ id, upstream, held }) => {
    const box = boxes.get(id);
    if (!box) return { ...byId.get(id)!, upstream };
    const inside = held.map((block) => byId.get(block)!);
    const own = new Set(held);
    const leaves = ({ id: block }: GraphBlock): boolean => [...(feeds.get(block) ?? [])].some((to) => !own.has(to));
    const counts = countsOf(inside);
    const which = box.parts > 1 ? ` ${box.part} of ${box.parts}` : '';
    return {
      id,
      name: `${box.folder}/${which} (${held.length})`,
      status: counts[0]![0],
      upstream,
      rows: '',
      time: '',
      remark: '',
      counts,
      dead: inside.filter(leaves).every(isDead),
    };
  });
};

/** From the worst on. */
const severity: readonly StatusName[] = [
  'failed',
  'upstream_failed',
  'condition_failed',
  'cancelled',
  'running',
  'queued',
  'initial',
  'none',
  'completed',
];

const countsOf = (blocks: readonly GraphBlock[]): [StatusName, number][] =>
  severity.flatMap((status): [StatusName, number][] => {
    const count = blocks.filter((block) => block.status === status).length;
    return count === 0 ? [] : [[status, count]];
  });

/** The block of a box that its status comes from: the first of the worst. */
export const worstOf = (blocks: readonly GraphBlock[]): GraphBlock | undefined => {
  for (const status of severity) {
    const found = blocks.find((block) => block.status === status);
    if (found) return found;
  }
  return undefined;
};
