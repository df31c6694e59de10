import { readFile } from 'node:fs/promises';
import { chartsOfRun } from '../engine/client/charts.ts';
import {
  codeOfRun,
  compareRuns,
  ensureWorker,
  ensureWorkerForOpenRuns,
  planRun,
  type RunRequest,
  startRun,
} from '../engine/client/index.ts';
import { localOutput } from '../engine/client/local-output.ts';
import { maskedCommand } from '../engine/client/masked-command.ts';
import { connectAhead, readOutputPage, readTablePage, withDataClient } from '../engine/client/read-page.ts';
import { retry } from '../engine/client/retry.ts';
import { stopRun } from '../engine/client/stop-run.ts';
import { listTables } from '../postgres/catalog.ts';
import { WandError } from '../problem/wand-error.ts';
import { readInstance } from '../project/instance.ts';
import { keepInstance, keptInstance } from '../project/kept-instance.ts';
import { readLogPage } from '../store/queries/log-page.ts';
import { readLog } from '../store/queries/logs.ts';
import { readAttempts, similarFailures } from '../store/queries/read-attempts.ts';
import { readPast } from '../store/queries/read-past.ts';
import { listRuns, readSnapshot } from '../store/queries/read-runs.ts';
import { connectInBackground } from './live-connection.ts';
import { liveData } from './live-data.ts';
import { selectionOf } from './state/command-line.ts';
import type { Kept } from './state/kept.ts';
import { commandsFile } from './ui-file.ts';
import type { PipelineReference, RerunRequest, WorkbenchSource } from './workbench-source.ts';

/** Code shown in the workbench is cut here: a pane is no place for a 100 MB file. Bytes. */
const mostCode = 4 * 1024 * 1024;

const readText = async (file: string): Promise<string> => (await readFile(file)).subarray(0, mostCode).toString('utf8');

/**
 * The workbench's door to the real project files, store and data. Connects in the background: the first frame waits for nothing. What the last
 * workbench left open is what is asked for first.
 */
export const openLiveSource = (instancePath: string, { pipeline, tab, table }: Partial<Kept> = {}): WorkbenchSource => {
  if (pipeline && table && tab === 'data') connectAhead(pipeline.projectPath, table.profile);
  const connection = connectInBackground();
  const findPipeline = ({ projectPath, pipeline: uuid }: PipelineReference) => {
    const project = readInstance(instancePath).projects.find(({ path }) => path === projectPath);
    const pipeline = project?.pipelines.find((candidate) => candidate.uuid === uuid);
    if (project && pipeline) return { project, pipeline };
    throw new WandError('pipeline-not-found', `${projectPath} has no pipeline ${uuid} any more`);
  };
  const runRequest = (request: RerunRequest): RunRequest => {
    const { runId, variables, date, code } = request;
    return {
      ...findPipeline(request),
      trigger: 'workbench',
      selection: selectionOf(request),
      runId,
      variables,
      executionDate: date === undefined ? undefined : new Date(date),
      code,
    };
  };
  const requireSnapshot = async (runId: string) => {
    const snapshot = await readSnapshot((await connection.client()).store.pool, runId);
    if (snapshot) return snapshot;
    throw new WandError('run-not-found', `there is no run ${runId}`);
  };
  const requireOutput = async (runId: string, block: string, name: string) => {
    const { run, blocks } = await requireSnapshot(runId);
    const output = blocks.find(({ uuid }) => uuid === block)?.outputs.find((candidate) => candidate.name === name);
    if (output) {
      const { store } = await connection.client();
      return { projectPath: run.projectPath, output: await localOutput(store, output) };
    }
    throw new WandError('no-output', `${block} of run ${runId} has no ${name}`);
  };

  return {
    readInstance: async ({ mayBeKept = false } = {}) => {
      const kept = mayBeKept ? keptInstance(instancePath) : null;
      if (kept) return kept;
      const instance = readInstance(instancePath);
      keepInstance(instance);
      return instance;
    },
    connection: connection.state,
    listRuns: async (pipeline, limit) =>
      listRuns((await connection.client()).store.pool, {
        projectPath: pipeline?.projectPath,
        pipeline: pipeline?.pipeline,
        limit,
      }),
    snapshot: requireSnapshot,
    logLines: async (runId, { block, after, last }) =>
      readLog((await connection.client()).store.pool, runId, { block, after, last }),
    past: async (runId) => readPast((await connection.client()).store.pool, runId),
    runChanges: async (left, right) => compareRuns((await connection.client()).store, left, right),
    logPage: async (runId, query) => readLogPage((await connection.client()).store.pool, runId, query),
    outputPage: async (runId, block, name, request, signal) => {
      const { projectPath, output } = await requireOutput(runId, block, name);
      return readOutputPage(projectPath, output, request, signal);
    },
    listTables: (projectPath) =>
      withDataClient(projectPath, undefined, async (client, profile) =>
        (await listTables(client)).map((table) => ({ ...table, profile })),
      ),
    readCode: readText,
    attempts: async (runId, block) => readAttempts((await connection.client()).store.pool, runId, block),
    similarFailures: async (runId, block) => similarFailures((await connection.client()).store.pool, runId, block),
    codeOfRun: async (runId, _block, file) => {
      const kept = await codeOfRun((await connection.client()).store, runId, file);
      return kept === null ? { text: await readText(file), ofRun: false } : { text: kept, ofRun: true };
    },
    tablePage: readTablePage,
    commands: {
      ...commandsFile(instancePath),
      mask: (line, projectPath) => maskedCommand(line, { projectPath, instancePath }),
    },
    data: liveData(requireOutput, async (reference, runId) =>
      chartsOfRun(
        (await connection.client()).store,
        findPipeline(reference).pipeline,
        runId === null ? null : await requireSnapshot(runId),
      ),
    ),
    startRun: async (request) => {
      const client = await connection.client();
      const id = await startRun(client, runRequest(request));
      await ensureWorker(client);
      return id;
    },
    planRun: async (request) => planRun(await connection.client(), runRequest(request)),
    retryRun: async (runId, from) => {
      const client = await connection.client();
      await retry(client, { runId, from });
      await ensureWorker(client);
    },
    cancelRun: async (runId) => {
      const client = await connection.client();
      // First: what a dead worker has left is over only when another one has looked for it.
      await ensureWorkerForOpenRuns(client);
      return stopRun(client, runId);
    },
    onChange: connection.onChange,
    close: connection.close,
  };
};
