import type { Block, Pipeline, Project } from '../model/project.ts';

/** What a block run keeps of its block, so that a run can go on whatever happens to the project's YAML meanwhile. */
export type BlockDefinition = {
  file: string | null;
  configuration: Record<string, unknown>;
  /** Project's `retry_config` under the block's (mage-format.md 8.5); raw keys. */
  retryConfig: Record<string, unknown>;
  /** Seconds. */
  timeout: number | null;
};

/** Settings of a run that a trigger or the command line gives. */
export type RunSettings = {
  allowBlocksToFail?: boolean;
  /** Overrides `retries` of every block: `wand run --retries N`. */
  retries?: number;
  runTests?: boolean;
};

export const definitionOf = (project: Project, block: Block): BlockDefinition => ({
  file: block.file,
  configuration: block.configuration,
  retryConfig: { ...project.retryConfig, ...block.retryConfig },
  timeout: block.timeout,
});

/** Uuid of a block's run: a replica's names its original too (mage-format.md 1.6). */
export const blockRunUuid = (block: Block): string =>
  block.replicatedBlock ? `${block.uuid}:${block.replicatedBlock}` : block.uuid;

/** What cannot run yet, or at all, said before anything is written. */
export const isRunnable = (pipeline: Pipeline): boolean =>
  pipeline.blocks.length > 0 && !pipeline.problems.some((problem) => problem.severity === 'error');
