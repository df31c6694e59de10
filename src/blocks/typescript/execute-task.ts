import { join } from 'node:path';
import { type DuckDb, openDuckDb } from '../../data/duckdb.ts';
import type { BlockTask } from '../../model/block-task.ts';
import type { BlockArguments, Log } from '../../sdk/block.ts';
import type { Inputs } from '../../sdk/input.ts';
import { setQueryRunner } from '../../sdk/query.ts';
import { logLine } from './events.ts';
import { blockInputs } from './inputs.ts';
import { loadBlock } from './load-block.ts';
import { queryRows } from './query-rows.ts';
import { runTests } from './run-tests.ts';
import { storeResult } from './store-result.ts';
import { blockVariables } from './variables.ts';
import { removeWorkFolder } from './work-folder.ts';

/** What the steps of a block share. DuckDB is opened by the first one that needs it. */
export type Workshop = {
  task: BlockTask;
  duckdb(): Promise<DuckDb>;
  workFolder: string;
  /** Our copies of files -> what the user calls them. */
  shownFiles: Map<string, string>;
};

/** Loads the block, calls it, stores what it returns, tests it. Answers the row count, null if it made no rows. */
export const executeTask = async (task: BlockTask): Promise<number | null> => {
  const workshop = openWorkshop(task);
  try {
    setQueryRunner((relation) => queryRows(workshop, relation));
    const block = await loadBlock(task);
    const given = blockArguments(workshop);
    const outputs = await storeResult(workshop, await block.run(given), given);
    if (task.runTests) await runTests(workshop, outputs);
    return outputs.find(({ rows }) => rows !== null)?.rows ?? null;
  } finally {
    removeWorkFolder(workshop.workFolder);
  }
};

const openWorkshop = (task: BlockTask): Workshop => {
  const workFolder = join(task.outputFolder, '.work');
  let opened: Promise<DuckDb> | undefined;
  return {
    task,
    workFolder,
    shownFiles: new Map(),
    duckdb: () => {
      opened ??= openDuckDb({ temporaryFolder: workFolder });
      return opened;
    },
  };
};

const blockArguments = (workshop: Workshop): BlockArguments => {
  const { task } = workshop;
  return {
    inputs: blockInputs(workshop) as unknown as Inputs,
    variables: blockVariables(task.variables),
    configuration: task.configuration,
    log,
    block: { uuid: task.blockUuid, type: task.blockType, attempt: task.attempt },
    pipeline: task.pipelineUuid,
    runId: task.runId,
    projectPath: task.projectPath,
  };
};

const log: Log = {
  debug: (text) => logLine('debug', 'log', String(text)),
  info: (text) => logLine('info', 'log', String(text)),
  warning: (text) => logLine('warning', 'log', String(text)),
  error: (text) => logLine('error', 'log', String(text)),
};
