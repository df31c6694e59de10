import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ensureWorker } from '../engine/client/ensure-worker.ts';
import { type FileRunRequest, type PreparedFileRun, prepareFileRun, startFileRun } from '../engine/client/file-run.ts';
import type { EngineClient } from '../engine/client/open-client.ts';
import type { RunPlan } from '../engine/client/plan-run.ts';
import { commandLine, settingWords } from '../engine/client/rerun-command.ts';
import { changedFiles } from '../engine/code/changed-files.ts';
import { WandError } from '../problem/wand-error.ts';
import { isBlockFile } from '../project/block-of-file.ts';
import { findInstance } from '../project/instance.ts';
import { readProject } from '../project/read-project.ts';
import { readSnapshot } from '../store/queries/read-runs.ts';
import { inForeground } from './foreground-run.ts';
import { printPlan } from './print-plan.ts';
import { printSnapshot } from './print-snapshot.ts';
import { printJson } from './print-table.ts';
import { shapeOfSnapshot } from './shapes/run.ts';
import { warnAboutShellOnlyNames } from './shell-only-names.ts';

/** Whether the argument of `wand run` is a block's file. */
export const namesFile = (name: string): boolean => isBlockFile(name) && existsSync(name) && statSync(name).isFile();

export type FileRunOptions = { json?: boolean; detach?: boolean; dryRun?: boolean; input: string[] };

/** `wand run data_loaders/x.sql`: a block's file by itself (decisions.md 8). Answers the exit code. */
export const runFile = async (
  client: EngineClient,
  name: string,
  options: FileRunOptions,
  given: Omit<FileRunRequest, 'project' | 'file' | 'inputs' | 'trigger'>,
): Promise<number> => {
  const { project: path } = findInstance(dirname(resolve(name)));
  if (path === null) {
    throw new WandError('no-project', `${name} is in no project`, {
      fix: 'a project is a folder with metadata.yaml and pipelines/',
    });
  }
  const request: FileRunRequest = {
    ...given,
    project: readProject(path),
    file: name,
    inputs: parseInputs(options.input),
    trigger: 'command line',
  };
  if (options.dryRun)
    return printPlan(await planOf(client, await prepareFileRun(client, request), request), options.json ?? false);
  if (options.detach) {
    warnAboutShellOnlyNames(request.project);
    const id = await startFileRun(client, request);
    const snapshot = (await readSnapshot(client.store.pool, id))!;
    await ensureWorker(client);
    if (options.json) printJson(shapeOfSnapshot({ ...snapshot, run: { ...snapshot.run, status: 'initial' } }));
    else printSnapshot(snapshot, `wand show ${id} · wand logs ${id} -f`);
    return 0;
  }
  const { snapshot, interrupted } = await inForeground(client, (owner) => startFileRun(client, { ...request, owner }));
  if (options.json) printJson(shapeOfSnapshot(snapshot));
  if (interrupted) return 130;
  return snapshot.run.status === 'completed' ? 0 : 1;
};

const parseInputs = (pairs: string[]): Record<string, string> =>
  Object.fromEntries(
    pairs.map((pair) => {
      const place = pair.indexOf('=');
      if (place < 1) {
        throw new WandError('bad-usage', `--input ${pair}: expected N=FILE`, {
          fix: 'for example --input 1=trips.csv',
        });
      }
      return [pair.slice(0, place), pair.slice(place + 1)];
    }),
  );

const planOf = async (
  client: EngineClient,
  { block, inputs, base }: PreparedFileRun,
  request: FileRunRequest,
): Promise<RunPlan> => ({
  run: [block.uuid],
  reuse: inputs.flatMap(({ block: uuid, blockRunId, outputs }) =>
    blockRunId === '0' || !base ? [] : [{ block: uuid, run: base.runId, rows: outputs[0]?.rows ?? null }],
  ),
  writes: [],
  warnings: [],
  parentRun: base?.runId ?? null,
  executionDate: request.executionDate?.toISOString() ?? base?.executionDate ?? null,
  variables: { ...base?.variables, ...request.variables },
  code: 'now',
  changedFiles: base ? await changedFiles(client.store, base.runId, request.project.path) : null,
  expectedMs: null,
  command: commandLine(
    'wand',
    'run',
    request.file,
    ...(request.pipeline ? ['-p', request.pipeline] : []),
    ...Object.entries(request.inputs).flatMap(([name, file]) => ['--input', `${name}=${file}`]),
    ...settingWords(request),
  ),
});
