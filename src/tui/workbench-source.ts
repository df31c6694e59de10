import type { CodeOf, RunPlan } from '../engine/client/index.ts';
import type { StoppedRun } from '../engine/client/stop-run.ts';
import type { Page, PageRequest, RelationReference } from '../model/output.ts';
import type { Instance } from '../model/project.ts';
import type {
  Attempt,
  LogLine,
  LogPage,
  LogPageQuery,
  Run,
  RunPast,
  RunSnapshot,
  SimilarFailure,
} from '../model/run.ts';
import type { RunChanges } from '../model/run-changes.ts';
import type { DataDoor } from './data-door.ts';
import type { Memory } from './ui-file.ts';

/** What the header says about the outside: the database and who works there. */
export type ConnectionState = {
  database: 'connecting' | 'up' | 'down';
  /** Such as `embedded pg` or `db.example.org`. */
  label: string;
  /** Why it is down, and the way out. */
  message: string | null;
  workers: number;
};

export type PipelineReference = { projectPath: string; pipeline: string };

export type TableEntry = RelationReference & { kind: 'table' | 'view'; rowEstimate: number; bytes: number };

/** One of `from`, `block`, `upto`, `failed`, or all of it; with `runId` on the outputs, date and variables of that run. */
export type RerunRequest = PipelineReference & {
  from?: string;
  block?: string;
  upto?: string;
  failed?: boolean;
  runId?: string;
  variables?: Record<string, unknown>;
  /** ISO 8601. */
  date?: string;
  code?: CodeOf;
};

export type SourceEvent =
  | { kind: 'connection' }
  /** Changes are told again; what happened before was not heard. */
  | { kind: 'resumed' }
  | { kind: 'runs' }
  | { kind: 'run'; runId: string }
  | { kind: 'log'; runId: string };

/**
 * The workbench's only door to the outside: project files, wand's store, data. Every call may fail with a WandError,
 * which the screen shows; none blocks the first frame.
 */
export interface WorkbenchSource {
  /** Reads the project files; needs no database. `mayBeKept`: what an earlier reading made of them will do, if none has changed. */
  readInstance(options?: { mayBeKept?: boolean }): Promise<Instance>;
  connection(): ConnectionState;
  /** Newest first; of one pipeline, or of all. */
  listRuns(pipeline: PipelineReference | null, limit: number): Promise<Run[]>;
  snapshot(runId: string): Promise<RunSnapshot>;
  /** Lines of a run, or of one block, with a sequence above `after`, oldest first; `last` gives only the newest n. */
  logLines(runId: string, query: { block: string | null; after: number; last?: number }): Promise<LogLine[]>;
  /** Attempts of all blocks of a run, and how long its blocks usually take. */
  past(runId: string): Promise<RunPast>;
  /** What the code, the settings and the variables of two runs differ in. */
  runChanges(left: string, right: string): Promise<RunChanges>;
  /** A page of a log of any length. */
  logPage(runId: string, query: LogPageQuery): Promise<LogPage>;
  /** Rows of a block's stored output. */
  outputPage(runId: string, block: string, output: string, request: PageRequest, signal?: AbortSignal): Promise<Page>;
  listTables(projectPath: string): Promise<TableEntry[]>;
  tablePage(projectPath: string, table: RelationReference, request: PageRequest, signal?: AbortSignal): Promise<Page>;
  /** Where the command log is kept; `mask` takes the secrets out of a line. */
  commands: Memory & { mask(line: string, projectPath: string | null): string };
  /** Profiles, exports, queries and the like. */
  data: DataDoor;
  readCode(file: string): Promise<string>;
  /** Every attempt of a block of a run, oldest first. */
  attempts(runId: string, block: string): Promise<Attempt[]>;
  /** Other runs of the pipeline in which the block failed in the same way, newest first. */
  similarFailures(runId: string, block: string): Promise<SimilarFailure[]>;
  /** A file of the project as the run used it, where that is known, else as it is now. */
  codeOfRun(runId: string, block: string, file: string): Promise<{ text: string; ofRun: boolean }>;
  /** Answers the id of the new run. */
  startRun(request: RerunRequest): Promise<string>;
  /** What `startRun` would do. */
  planRun(request: RerunRequest): Promise<RunPlan>;
  /** Runs again, in the same run, what did not complete, or `from` a block on. */
  retryRun(runId: string, from?: string): Promise<void>;
  /** Cancels a run and looks whether anything of it is left; some seconds where a block takes its time. */
  cancelRun(runId: string): Promise<StoppedRun>;
  onChange(listener: (event: SourceEvent) => void): () => void;
  close(): Promise<void>;
}
