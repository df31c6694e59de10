import { buildGraph, topologicalOrder } from '../graph/graph.ts';
import type { AttachedBlock } from '../model/block-task.ts';
import type { Block, Pipeline, Project } from '../model/project.ts';
import type { ClaimInput } from './claim.ts';

/** What a block run keeps of its block, so that a run can go on whatever happens to the project's YAML meanwhile. */
export type BlockDefinition = {
  file: string | null;
  configuration: Record<string, unknown>;
  /** Project's `retry_config` under the block's (mage-format.md 8.5); raw keys. */
  retryConfig: Record<string, unknown>;
  /** Seconds. */
  timeout: number | null;
  /** Code inside the pipeline's entry: it wins over the file (mage-format.md 1.5). */
  content?: string;
  /** A worker that runs it has all of these tags. */
  tags?: string[];
  conditionals?: AttachedBlock[];
  callbacks?: AttachedBlock[];
  /** Of a block below a dynamic one: it stands for its children. Uuids of the block runs above that give it several. */
  fan?: Fan;
  /** Uuid of the block run that this one is a child of. */
  childOf?: string;
  /** Of a child. */
  child?: DynamicPlace;
  /** Of a file run: its inputs, which come from no block of the run; and the pipeline whose settings it has (decisions.md 8). */
  inputs?: ClaimInput[];
  ofPipeline?: string;
};

/** Upstream block runs that give a fan its children: by the items of their output, or by their own children (mage-format.md 3.7). */
export type Fan = { dynamic: string[]; perChild: string[] };

export type DynamicPlace = {
  index: number;
  /** `kwargs['block_uuid']`: the name of the metadata, else the block's. */
  blockUuid: string;
  /** For each block run above: which item of its output; null for all of it. */
  items: (number | null)[];
  /** Metadata of the items, for `kwargs`. */
  variables: Record<string, unknown>;
};

/** Settings of a run that a trigger or the command line gives. */
export type RunSettings = {
  allowBlocksToFail?: boolean;
  /** Overrides `retries` of every block: `wand run --retries N`. */
  retries?: number;
  runTests?: boolean;
  /** Hash of the code that its blocks run with (decisions.md 6); absent: as the files are then. */
  code?: string;
  /** Made by code or an API call: its blocks get no interval (mage-format.md 7.1). */
  api?: boolean;
  /** Seconds from the start of the run until it is ended with `timeoutStatus` (mage-format.md 8.7). */
  timeout?: number;
  timeoutStatus?: 'failed' | 'cancelled';
  /** Some of its blocks ask for tags: a worker does not go on in place, which does not look at them. */
  tagged?: boolean;
  /** Its Python blocks share one process, one after the other (`run_pipeline_in_one_process`, mage-format.md 2.1). */
  oneProcess?: boolean;
  /** `cache_block_output_in_memory` */
  keepInMemory?: boolean;
  /** Runs of one trigger at once; overrides the pipeline's `concurrency_config` (8.6). */
  pipelineRunLimit?: number;
};

export const definitionOf = (project: Project, pipeline: Pipeline, block: Block): BlockDefinition => {
  const fan = fansOf(pipeline).get(block.uuid);
  return {
    file: block.file,
    configuration: block.configuration,
    retryConfig: { ...project.retryConfig, ...block.retryConfig },
    timeout: block.timeout,
    ...(block.content === undefined ? {} : { content: block.content }),
    ...(block.workerTags ? { tags: block.workerTags } : {}),
    ...attached('conditionals', pipeline, block),
    ...attached('callbacks', pipeline, block),
    ...(fan ? { fan } : {}),
  };
};

/** Conditionals or callbacks of a block, in file order; callbacks also in the old form, `has_callback` (mage-format.md 2.2). */
const attached = (
  list: 'conditionals' | 'callbacks',
  pipeline: Pipeline,
  block: Block,
): { [name in typeof list]?: AttachedBlock[] } => {
  const found = pipeline[list]
    .filter(({ upstream, file }) => upstream.includes(block.uuid) && file !== null)
    .map(({ uuid, file, configuration }) => ({ uuid, file: file!, configuration }));
  const all = list === 'callbacks' && block.legacyCallback ? [...found, block.legacyCallback] : found;
  return all.length === 0 ? {} : { [list]: all };
};

/** Blocks below dynamic blocks, by uuid: they and their descendants run once per item, up to a block with `reduce_output`. */
export const fansOf = ({ blocks }: Pipeline): Map<string, Fan> => {
  const known = fans.get(blocks);
  if (known) return known;
  const byUuid = new Map(blocks.map((block) => [block.uuid, block]));
  const found = new Map<string, Fan>();
  for (const uuid of topologicalOrder(buildGraph(blocks.map(({ uuid: id, upstream }) => ({ id, upstream }))))) {
    const upstream = byUuid.get(uuid)!.upstream.map((above) => byUuid.get(above)!);
    const dynamic = upstream.filter(({ configuration }) => isOn(configuration.dynamic));
    const perChild = upstream.filter(
      (above) => found.has(above.uuid) && !dynamic.includes(above) && !isOn(above.configuration.reduce_output),
    );
    if (dynamic.length + perChild.length === 0) continue;
    found.set(uuid, { dynamic: dynamic.map(blockRunUuid), perChild: perChild.map(blockRunUuid) });
  }
  fans.set(blocks, found);
  return found;
};

/** Asked for each block of a pipeline: found once. */
const fans = new WeakMap<Block[], Map<string, Fan>>();

const isOn = (value: unknown): boolean =>
  value === true || value === 'true' || (typeof value === 'object' && value !== null);

/** Uuid of a block's run: a replica's names its original too (mage-format.md 1.6). */
export const blockRunUuid = (block: Block): string =>
  block.replicatedBlock ? `${block.uuid}:${block.replicatedBlock}` : block.uuid;
