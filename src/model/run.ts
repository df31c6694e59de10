import type { ResourceUsage } from './block-task.ts';
import type { StoredOutput } from './output.ts';

/** Statuses as Mage stores them, in lower case (mage-format.md 8.3). */
export type RunStatus = 'initial' | 'running' | 'completed' | 'failed' | 'cancelled';
export type BlockRunStatus =
  | 'initial'
  | 'queued'
  | 'running'
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'upstream_failed'
  | 'condition_failed';

/** One execution of a pipeline. Ids are bigints of the state database, as text. Times are ISO 8601 UTC. */
export type Run = {
  id: string;
  project: string;
  projectPath: string;
  /** Null for a file run. */
  pipeline: string | null;
  status: RunStatus;
  trigger: string;
  executionDate: string;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  variables: Record<string, unknown>;
  parentRunId: string | null;
  /** Set while a foreground `wand run` owns it: id of that worker. */
  owner: string | null;
};

/** One block in a run. */
export type BlockRun = {
  id: string;
  runId: string;
  uuid: string;
  blockType: string;
  language: string;
  /** Place in the pipeline's file, from 0. */
  position: number;
  upstream: string[];
  status: BlockRunStatus;
  /** Number of the latest attempt; 0 before the first. */
  attempt: number;
  rows: number | null;
  startedAt: string | null;
  finishedAt: string | null;
  worker: string | null;
  outputs: StoredOutput[];
  tests: TestResult[];
  error: BlockError | null;
  /** Run whose outputs stand in for this block's, for a partial rerun (decisions.md 13). */
  reusedFrom: string | null;
  /** While it waits: the tags it asks for, if no living worker has them all. */
  missingTags?: string[] | null;
  /** What the latest attempt used; null while it runs, and where it was not measured. */
  usage?: ResourceUsage | null;
};

export type TestResult = { name: string; passed: boolean; message: string | null };

/** Why an attempt failed: the failure pane shows message, file and line first. */
export type BlockError = {
  /** Exception class, SQLSTATE or a word of ours such as `lost-worker`. */
  type: string;
  message: string;
  file: string | null;
  line: number | null;
  traceback: string | null;
  /** The way out, where we know one. */
  fix?: string | null;
  /** The row at which it failed, where the block's code tells. */
  row?: FailedRow | null;
};

/** A row of a block's input. `number` counts from 1; values are text, null is NULL. */
export type FailedRow = {
  input: string | null;
  number: number | null;
  values: (readonly [column: string, value: string | null])[];
};

/** One try of a block run; `lost` when its worker was. */
export type Attempt = {
  attempt: number;
  status: 'running' | 'completed' | 'failed' | 'cancelled' | 'lost';
  worker: string;
  host: string;
  startedAt: string;
  finishedAt: string | null;
  error: BlockError | null;
};

/** Another run in which a block failed in the same way. `time` is when it did. */
export type SimilarFailure = {
  runId: string;
  time: string | null;
  attempt: number;
  message: string;
  line: number | null;
};

/** An attempt of any block of a run. */
export type BlockAttempt = Attempt & { block: string; usage: ResourceUsage | null };

/** What a run is measured against. Milliseconds; null and missing where nothing completed before. */
export type RunPast = { attempts: BlockAttempt[]; usual: { run: number | null; blocks: Record<string, number> } };

export type LogLevel = 'debug' | 'info' | 'warning' | 'error';
export type LogSource = 'stdout' | 'stderr' | 'log' | 'wand';

/** One line of a block's log. `sequence` grows within a run, in the order of storage. */
export type LogLine = {
  sequence: number;
  time: string;
  level: LogLevel;
  block: string | null;
  attempt: number | null;
  source: LogSource;
  text: string;
};

/** One side of a place in a run's log. Sequences start at 1. */
export type LogPageQuery = {
  block: string | null;
  side: 'older' | 'newer';
  /** The page holds lines before or after this sequence, without it. */
  from: number;
  limit: number;
  /** A regular expression as Postgres has them; `!` in front keeps the other lines. Without capitals it finds them too. */
  filter?: string;
  /** A text that must be in the line. Without capitals it finds them too. */
  search?: string;
  /** The least level. */
  level?: LogLevel;
};

export type LogPage = {
  /** Oldest first. */
  lines: LogLine[];
  /** Nothing is left on this side. */
  end: boolean;
  /** How far was looked: beyond the lines where a filter let none through. */
  reached: number;
  /** Lines of the run in all, of every block and level. */
  total: number;
};

export type WorkerRow = {
  id: string;
  host: string;
  pid: number;
  state: 'idle' | 'busy' | 'draining';
  startedAt: string;
  lastSeenAt: string;
  tags: string[];
  version: string;
  blocks: string[];
  /** True for the worker inside a foreground `wand run`. */
  foreground: boolean;
};

/** A run with its blocks: what `wand show` and the workbench draw. */
export type RunSnapshot = { run: Run; blocks: BlockRun[] };
