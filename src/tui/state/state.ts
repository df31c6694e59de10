import type { Background } from '../../draw/theme.ts';
import type { Instance } from '../../model/project.ts';
import type { Run, RunSnapshot } from '../../model/run.ts';
import { type Keymap, noKeymap } from '../keys/keymap.ts';
import type { ConnectionState, PipelineReference } from '../workbench-source.ts';
import { type CommandState, emptyCommands } from './command-state.ts';
import { type DataState, emptyData } from './data-state.ts';
import type { Dialog } from './dialog.ts';
import { emptyFailure, type FailureState } from './failure-state.ts';
import { type GraphLook, plainGraph } from './graph-look.ts';
import { emptyHistory, type HistoryState } from './history.ts';
import { emptyLogs, type LogState } from './log-state.ts';
import { emptyPast, type PastState } from './past-state.ts';
import { noSplits, type Splits } from './splits.ts';

export { type DataState, emptyData } from './data-state.ts';
export type { Dialog, Question } from './dialog.ts';
export type { LogState } from './log-state.ts';

/** What can have the keys. The tabs share one place on the screen, as tabs. */
export type PaneId = 'tree' | 'graph' | 'runs' | Tab;
export type Tab = 'logs' | 'data' | 'code' | 'time' | 'details' | 'failure';

/** Something went wrong, as the screen says it: the message, and the way out where one is known. */
export type Trouble = { message: string; fix: string | null };

export type Status = { text: string; kind: 'info' | 'warning' | 'error' };

export type TreeState = {
  /** Paths of the projects that are folded away. */
  folded: ReadonlySet<string>;
  /** Key of the row under the cursor. */
  cursor: string | null;
  top: number;
  filter: string;
};

type CodeState = {
  file: string | null;
  lines: readonly string[];
  trouble: Trouble | null;
  top: number;
  left: number;
  /** Read again, of a file that was shown: it stays where it was. */
  stale: boolean;
};

/** Text being typed in the footer: a filter of the tree or a search in the log. */
export type Input = {
  pane: 'tree' | 'runs' | 'logs' | 'logFilter';
  text: string;
  before: string;
  /** Place in the history of filters, from 0; none while it is being typed. */
  recalled?: number;
};

export type State = {
  size: { columns: number; rows: number };
  /** Milliseconds; moves once a second while something runs. */
  now: number;
  connection: ConnectionState;
  /** Whether the terminal is dark or light, once it has said so. */
  background: Background;
  instance: Instance | null;
  /** Why the instance or the runs could not be read. */
  trouble: Trouble | null;
  focus: PaneId;
  tab: Tab;
  splits: Splits;
  /** The pane with the keys has the whole screen. */
  zoomed: boolean;
  graphView: 'auto' | 'boxes' | 'stacked' | 'rails';
  graphLook: GraphLook;
  /** Folders that are one box in the graph, of each pipeline by its key. */
  graphFolds: ReadonlyMap<string, readonly string[]>;
  /** First key of a sequence of two, such as `z`. */
  prefix: string | null;
  tree: TreeState;
  pipeline: PipelineReference | null;
  /** Latest run of each pipeline, by its key. */
  latest: ReadonlyMap<string, Run>;
  runs: readonly Run[];
  runsLoaded: boolean;
  /** Place among the runs that the filter leaves. */
  runsCursor: number;
  runsFilter: string;
  /** What was typed into `/` before, newest first. */
  filters: Readonly<Record<Input['pane'], readonly string[]>>;
  runId: string | null;
  snapshot: RunSnapshot | null;
  block: string | null;
  /** The reader chose the block; until then the screen may choose one, such as the one that failed. */
  blockChosen: boolean;
  /** A run was just opened by somebody who has gone nowhere in it yet: its failure, if it has one, gets the keys. */
  failureFirst: boolean;
  logs: LogState;
  past: PastState;
  data: DataState;
  code: CodeState;
  failure: FailureState;
  command: CommandState;
  history: HistoryState;
  /** Keys of `keys.yaml`. */
  keymap: Keymap;
  dialog: Dialog | null;
  input: Input | null;
  status: Status | null;
};

export const initialState = (size: State['size'], now: number, connection: ConnectionState): State => ({
  size,
  now,
  connection,
  background: null,
  instance: null,
  trouble: null,
  focus: 'graph',
  tab: 'logs',
  splits: noSplits,
  zoomed: false,
  graphView: 'auto',
  graphLook: plainGraph,
  graphFolds: new Map(),
  prefix: null,
  tree: { folded: new Set(), cursor: null, top: 0, filter: '' },
  pipeline: null,
  latest: new Map(),
  runs: [],
  runsLoaded: false,
  runsCursor: 0,
  runsFilter: '',
  filters: { tree: [], runs: [], logs: [], logFilter: [] },
  runId: null,
  snapshot: null,
  block: null,
  blockChosen: false,
  failureFirst: false,
  logs: emptyLogs,
  past: emptyPast,
  data: emptyData,
  code: { file: null, lines: [], trouble: null, top: 0, left: 0, stale: false },
  failure: emptyFailure,
  command: emptyCommands,
  history: emptyHistory,
  keymap: noKeymap,
  dialog: null,
  input: null,
  status: null,
});

export const pipelineKey = ({ projectPath, pipeline }: PipelineReference): string => `${projectPath}\u0000${pipeline}`;
