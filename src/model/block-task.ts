import type { ConnectionConfig } from './connection-config.ts';
import type { StoredOutput } from './output.ts';
import type { BlockError, LogLevel, LogSource, TestResult } from './run.ts';

/** All a block needs to run, as JSON: what a child process gets on its standard input. */
export type BlockTask = {
  runId: string;
  /** Null for a file run. */
  pipelineUuid: string | null;
  blockUuid: string;
  blockType: string;
  language: string;
  attempt: number;
  /** Absolute path of the code. */
  file: string;
  /** Code of the project as the run found it; absent: as the files are now. */
  code?: CodePlace;
  /** Absolute path of the project folder (`repo_path`). */
  projectPath: string;
  /** Working directory: the parent of the project, as in Mage. */
  workingDirectory: string;
  /** One per upstream block, in `upstream_blocks` order. */
  inputs: BlockInput[];
  /** Merged as mage-format.md 7.1; a datetime is `{"$datetime": "2024-01-01T00:00:00+00:00"}`. */
  variables: Record<string, unknown>;
  configuration: Record<string, unknown>;
  /** Existing, empty folder for this attempt's outputs. */
  outputFolder: string;
  retry: { attempts: number };
  runTests: boolean;
  marker: CommitMarker;
  /** Conditionals are asked before a block and callbacks called after it, each kind by a task of its own (mage-format.md 3.6). */
  kind?: 'block' | 'conditional' | 'callback';
  /** Code to ask or call, for a task of such a kind. */
  attached?: AttachedBlock[];
  /** For callbacks. */
  callback?: { status: CallbackStatus; error: BlockError | null };
  /** Where a child may ask the worker for something (`src/engine/requests`); absent if nobody answers. */
  requests?: { socket: string; token: string };
  /** Python blocks of the run share one process (`run_pipeline_in_one_process`). */
  inProcessOfRun?: boolean;
  /** In such a process: later blocks get what this one returned itself (`cache_block_output_in_memory`); it is stored all the same. */
  keepInMemory?: boolean;
  /** Place of a dynamic child, from 0 (mage-format.md 3.7). */
  dynamicIndex?: number;
};

/** The project's folder, and the folder that holds the run's snapshot of it (decisions.md 6). */
export type CodePlace = { project: string; snapshot: string };

/** A conditional or callback block. */
export type AttachedBlock = { uuid: string; file: string; configuration: Record<string, unknown> };

export type CallbackStatus = 'success' | 'failure' | 'cancelled';

/** Identity for the exactly-once marker in the data database (exactly-once). */
export type CommitMarker = {
  /** Id of wand's state database, so that two of them may share one data database. */
  state: string;
  runId: string;
  block: string;
  attempt: number;
  /** Earlier attempts that were lost with their worker: what one of them committed is adopted, not done again. */
  lostAttempts: number[];
};

/** `configuration` and `file` are what a SQL block needs to refer to a SQL block above it (mage-format.md 4.3). */
export type BlockInput = {
  block: string;
  blockType: string;
  language: string;
  outputs: StoredOutput[];
  configuration?: Record<string, unknown>;
  file?: string | null;
  /** For a child of a dynamic block: which item (or row) of `output_0` it gets. */
  item?: number;
  /** Below a block with `reduce_output`: the outputs of each child; the input is the list of their values. */
  gathered?: StoredOutput[][];
};

/** What a child process says on file descriptor 3: one JSON object a line. */
export type ChildEvent =
  | { type: 'log'; level: LogLevel; source: LogSource; text: string }
  | { type: 'test'; name: string; passed: boolean; message: string | null }
  | { type: 'output'; output: StoredOutput }
  | { type: 'error'; error: BlockError }
  | { type: 'usage'; usage: ResourceUsage }
  | { type: 'done'; rows: number | null }
  /** The process has left the block behind and waits for another one. */
  | { type: 'idle' };

/** Of one attempt: the block's process and those it has waited for. Processor time is user and system; the peak is that of the largest process. */
export type ResourceUsage = { cpuMs: number; peakRssBytes: number };

export type LogEntry = { level: LogLevel; source: LogSource; text: string };

/** What the engine lends to a block while it runs. */
export type BlockContext = {
  task: BlockTask;
  /** Environment of the block's child: the worker's, completed by `.env` (decisions.md 14). */
  environment: Record<string, string>;
  /** Aborts on cancel, timeout or loss of the worker's lease; TERM to the group, KILL after `killAfterMs`. */
  signal: AbortSignal;
  log(entry: LogEntry): void;
  /** Called with the process group before any user code runs (decisions.md 19). `startTicks` is field 22 of /proc/PID/stat, null elsewhere. */
  onProcess(group: { pgid: number; startTicks: string | null }): Promise<void>;
  /** Resolves a profile of io_config.yaml; throws WandError naming profile, file and way out. */
  connection(profile: string): Promise<ConnectionConfig>;
};

export type BlockResult =
  | {
      status: 'completed';
      outputs: StoredOutput[];
      rows: number | null;
      tests: TestResult[];
      usage?: ResourceUsage | null;
      /** Of a block below a dynamic one: the block runs it stands for (mage-format.md 3.7). */
      children?: DynamicChild[];
    }
  | {
      status: 'failed';
      error: BlockError;
      outputs: StoredOutput[];
      tests: TestResult[];
      usage?: ResourceUsage | null;
    };

/** What came of an attempt; `condition_failed`: a conditional said no, and the block was not run (mage-format.md 3.6). */
export type AttemptResult = BlockResult | { status: 'condition_failed' };

/** A block run to be made: its uuid, what it keeps of its block, and the block runs that feed it. */
export type DynamicChild = { uuid: string; definition: unknown; upstream: string[] };
