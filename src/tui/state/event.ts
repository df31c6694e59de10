import type { Page } from '../../model/output.ts';
import type { ColumnProfile } from '../../model/profile.ts';
import type { Instance } from '../../model/project.ts';
import type { LogPage, Run, RunPast, RunSnapshot } from '../../model/run.ts';
import type { RunChanges } from '../../model/run-changes.ts';
import type { ConnectionState, PipelineReference, RerunRequest, TableEntry } from '../workbench-source.ts';
import type { CommandEntry } from './command-state.ts';
import type { DataLook, DataSelection, ShownQuery } from './data-look.ts';
import type { FailureState } from './failure-state.ts';
import type { HistoryState } from './history.ts';
import type { Kept } from './kept.ts';
import type { LogLook, LogSeek, LogState } from './log-state.ts';
import type { Splits } from './splits.ts';
import type { Dialog, Input, PaneId, State, Status, Trouble } from './state.ts';

/** Everything that can happen to the workbench. Reducers answer the next state; nothing else changes it. */
export type Event =
  | { type: 'resized'; size: State['size'] }
  | { type: 'ticked'; now: number }
  | { type: 'connection'; connection: ConnectionState }
  | { type: 'trouble'; trouble: Trouble | null }
  | { type: 'status'; status: Status | null }
  /** With a block: that one is selected, in one step. */
  | { type: 'focused'; pane: PaneId; block?: string }
  | { type: 'splitSet'; splits: Splits }
  | { type: 'zoomToggled' }
  | { type: 'graphViewToggled' }
  | { type: 'graphLooked'; look: Partial<State['graphLook']> }
  | { type: 'graphFolded'; folders: readonly string[] }
  | { type: 'background'; background: State['background'] }
  | { type: 'prefixed'; prefix: string | null }
  | { type: 'dialog'; dialog: Dialog | null }
  | { type: 'input'; input: Input | null }
  | { type: 'instanceLoaded'; instance: Instance }
  | { type: 'treeMoved'; by: number }
  | { type: 'treeJumped'; to: 'top' | 'bottom' }
  | { type: 'treeFolded'; project: string; folded: boolean }
  | { type: 'pipelineOpened'; pipeline: PipelineReference; runId?: string }
  | { type: 'placeRestored'; kept: Partial<Kept> }
  | { type: 'latestLoaded'; runs: readonly Run[] }
  | { type: 'runsLoaded'; pipeline: PipelineReference; runs: readonly Run[] }
  | { type: 'runsMoved'; by: number }
  | { type: 'runOpened'; runId: string }
  | { type: 'snapshotLoaded'; snapshot: RunSnapshot }
  | { type: 'blockSelected'; block: string }
  | { type: 'blockReleased' }
  | { type: 'logOpened'; key: string | null }
  | { type: 'logPaged'; key: string; side: 'older' | 'newer'; page: LogPage }
  | { type: 'logSought'; key: string; seek: LogSeek; older: LogPage | null; newer: LogPage | null }
  | LogLooked
  | { type: 'logFailed'; key: string; trouble: Trouble }
  | { type: 'logGrew'; key: string }
  | { type: 'logShown'; change: Partial<Pick<LogState, 'level' | 'wrap' | 'time' | 'folded'>> }
  | { type: 'pastLoaded'; key: string; past: RunPast }
  | { type: 'otherLoaded'; snapshot: RunSnapshot }
  | { type: 'changesLoaded'; changes: RunChanges }
  | { type: 'otherChosen'; by: number }
  | { type: 'detailsScrolled'; by: number; rows: number }
  | { type: 'logErrorWanted' }
  | { type: 'logMarked' }
  | { type: 'logAnchored'; anchored: boolean }
  | { type: 'logMarkSought' }
  | { type: 'logScrolled'; by: number }
  | { type: 'logJumped'; to: 'top' | 'bottom' }
  | { type: 'logShifted'; by: number }
  | { type: 'logFollowed'; follow: boolean }
  | { type: 'logScopeToggled' }
  | { type: 'logMatched'; direction: 1 | -1 }
  | { type: 'dataOpened'; key: string | null; base?: string | null }
  | { type: 'dataLoaded'; key: string; chunk: number; block?: number; page: Page; widths: readonly number[] }
  | { type: 'dataCounted'; key: string; rowCount: number }
  | { type: 'lookChanged'; look: Partial<DataLook> }
  | { type: 'columnProfiled'; base: string; column: string; profile: ColumnProfile | null }
  | { type: 'queryShown'; query: ShownQuery | null }
  | { type: 'dataSelected'; selection: Partial<DataSelection> }
  | { type: 'dataFailed'; key: string; trouble: Trouble }
  | { type: 'dataMoved'; rows: number; columns: number }
  | { type: 'dataJumped'; row?: number; column?: number }
  | { type: 'outputChosen'; by: number }
  | { type: 'tableChosen'; table: TableEntry | null }
  | { type: 'codeOpened'; file: string | null }
  | { type: 'codeLoaded'; file: string; text: string; line: number | null }
  | { type: 'codeStale' }
  | { type: 'codeFailed'; file: string; trouble: Trouble }
  | { type: 'failureOpened'; key: string | null }
  | ({ type: 'failureLoaded'; key: string } & Pick<FailureState, 'attempts' | 'similar' | 'log' | 'code'>)
  | { type: 'attemptShown'; by: 1 | -1 }
  /** The same block's failure in another run. */
  | { type: 'failureVisited'; runId: string }
  | { type: 'commanded'; time: number; title: string; line: string }
  /** Lines of the workbench before this one. */
  | { type: 'commandsFound'; log: readonly CommandEntry[] }
  | { type: 'rerunAsked'; request: RerunRequest }
  | { type: 'historyMoved'; by: 1 | -1 }
  | { type: 'historyJoined'; history: HistoryState }
  | { type: 'codeScrolled'; by: number; shift: number };

/** What was looked for is in the line `sequence`, or nowhere, or not as far as `stopped`, from where the search can go on. */
export type LogLooked = {
  type: 'logLooked';
  key: string;
  look: LogLook;
  sequence: number | null;
  stopped: LogLook | null;
};

/** One part of the state's rules; leaves what it does not know as it is. */
export type Reducer = (state: State, event: Event) => State;
