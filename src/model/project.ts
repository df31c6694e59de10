import type { Problem } from './problem.ts';

/** A folder with one or more projects (decisions.md 5). */
export type Instance = { path: string; projects: Project[]; problems: Problem[] };

/** A folder with `metadata.yaml` and `pipelines/` (mage-format.md 1.1). */
export type Project = {
  /** Folder name; how commands and screens call it. */
  uuid: string;
  name: string;
  /** Absolute, as the user sees it (links not resolved). */
  path: string;
  /** `project_uuid` of metadata.yaml, if written there. */
  projectUuid: string | null;
  pipelines: Pipeline[];
  /** Project-level `retry_config`, raw. */
  retryConfig: Record<string, unknown>;
  problems: Problem[];
};

/** `pipelines/<uuid>/metadata.yaml` (mage-format.md 2.1). A broken file still gives a Pipeline, with its problems and no blocks. */
export type Pipeline = {
  uuid: string;
  name: string;
  /** `python`, `integration`, `streaming`, ... as written. */
  type: string;
  description: string | null;
  tags: string[];
  /** Absolute path of metadata.yaml. */
  file: string;
  /** In the order of the file: the page order, not the execution order. */
  blocks: Block[];
  callbacks: Block[];
  conditionals: Block[];
  /** Charts: `widgets`, and blocks of type chart. */
  charts: Block[];
  variables: Record<string, unknown>;
  concurrencyConfig: Record<string, unknown>;
  runInOneProcess: boolean;
  cacheOutputInMemory: boolean;
  problems: Problem[];
};

export type BlockLanguage = 'python' | 'sql' | 'r' | 'typescript' | 'yaml' | 'markdown';

/** One entry of a pipeline (mage-format.md 2.2). */
export type Block = {
  uuid: string;
  name: string;
  type: string;
  language: BlockLanguage;
  /** Absolute path of the code file (mage-format.md 1.5); null for types without one. */
  file: string | null;
  fileExists: boolean;
  /** In file order, unknown uuids dropped: the order of arguments and of `df_N`. */
  upstream: string[];
  downstream: string[];
  configuration: Record<string, unknown>;
  retryConfig: Record<string, unknown>;
  /** Seconds. */
  timeout: number | null;
  replicatedBlock: string | null;
  /** Code inside the entry, which in Mage wins over the file (mage-format.md 1.5). */
  content?: string;
  /** `executor_config.worker_tags`: it runs on workers that have all of these (`wand worker --tag`). */
  workerTags?: string[];
  /** `has_callback: true`: the file that an old pipeline calls after the block (mage-format.md 2.2). */
  legacyCallback?: { uuid: string; file: string; configuration: Record<string, unknown> };
  /** Line of the entry in metadata.yaml, 1-based. */
  line: number;
};
