import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { executeBlock } from '../blocks/execute.ts';
import { materialiseRelation } from '../data/materialise.ts';
import { statePath } from '../home/paths.ts';
import { makePrivateFolder } from '../home/private-file.ts';
import type { BlockContext, BlockInput, BlockResult, BlockTask, LogEntry } from '../model/block-task.ts';
import type { StoredOutput } from '../model/output.ts';
import { connectClient } from '../postgres/connect.ts';
import { messageOf, WandError } from '../problem/wand-error.ts';
import { readProject } from '../project/read-project.ts';
import type { Store } from '../store/open-store.ts';
import type { Claim } from './claim.ts';
import { maskerOf } from './masked-ports.ts';
import { type ProjectData, projectData } from './project-data.ts';
import { blockVariables } from './variables.ts';

export type ExecutionPorts = {
  store: Store;
  signal: AbortSignal;
  log(entry: LogEntry): void;
  onProcess(group: { pgid: number; startTicks: string | null }): Promise<void>;
};

/** Runs the block of a claim: prepares its task, environment and output folder, and hands it to its language. Never throws. */
export const executeClaim = async (claim: Claim, ports: ExecutionPorts): Promise<BlockResult> => {
  try {
    const data = await projectData(claim.projectPath);
    const masker = maskerOf(data.environment);
    const context = await contextOf(claim, data, masker.ports(ports));
    return masker.result(await executeBlock(context));
  } catch (error) {
    return { status: 'failed', error: blockErrorOf(error), outputs: [], tests: [] };
  }
};

const contextOf = async (claim: Claim, data: ProjectData, ports: ExecutionPorts): Promise<BlockContext> => {
  const connection: BlockContext['connection'] = async (profile) => data.connection(profile);
  const outputFolder = emptyOutputFolder(claim);
  const inputs = await resolveInputs(claim, connection, outputFolder);
  return {
    task: await taskOf(claim, inputs, outputFolder, await ports.store.stateId()),
    environment: data.environment,
    signal: ports.signal,
    log: ports.log,
    onProcess: ports.onProcess,
    connection,
  };
};

const taskOf = async (claim: Claim, inputs: BlockInput[], outputFolder: string, state: string): Promise<BlockTask> => {
  if (!claim.definition.file) {
    throw new WandError('block-without-file', `block ${claim.uuid} of type ${claim.blockType} has no code file`);
  }
  return {
    runId: claim.runId,
    pipelineUuid: claim.pipeline,
    blockUuid: claim.uuid,
    blockType: claim.blockType,
    language: claim.language,
    attempt: claim.attempt,
    file: claim.definition.file,
    projectPath: claim.projectPath,
    workingDirectory: dirname(claim.projectPath),
    inputs,
    variables: blockVariables({
      // Read again at each block's start, as in Mage (mage-format.md 7.4).
      pipeline: pipelineVariables(claim.projectPath, claim.pipeline),
      run: claim.variables,
      executionDate: claim.executionDate,
      runId: claim.runId,
      trigger: claim.trigger,
    }),
    configuration: claim.definition.configuration,
    outputFolder,
    retry: { attempts: claim.attempt },
    runTests: claim.settings.runTests ?? true,
    marker: {
      state,
      runId: claim.runId,
      block: claim.uuid,
      attempt: claim.attempt,
      lostAttempts: claim.lostAttempts,
    },
  };
};

const known = new Map<string, { stamp: string; variables: Record<string, unknown> }>();

/**
 * Variables of a pipeline as its file has them now. Parsed again only when the file has changed: reading a project with
 * a pipeline of 2,000 blocks took 0.1 s at the start of every block.
 */
const pipelineVariables = (projectPath: string, pipeline: string | null): Record<string, unknown> => {
  if (pipeline === null) return {};
  const file = join(projectPath, 'pipelines', pipeline, 'metadata.yaml');
  const stats = statSync(file, { throwIfNoEntry: false });
  const stamp = `${stats?.ino} ${stats?.size} ${stats?.mtimeMs}`;
  const found = known.get(file);
  if (found?.stamp === stamp) return found.variables;
  const variables = readProject(projectPath).pipelines.find(({ uuid }) => uuid === pipeline)?.variables ?? {};
  known.set(file, { stamp, variables });
  return variables;
};

/** `$WAND_HOME/outputs/<run>/<block>/<attempt>`, empty. */
const emptyOutputFolder = (claim: Claim): string => {
  const folder = statePath('outputs', claim.runId, folderName(claim.uuid), String(claim.attempt));
  rmSync(folder, { recursive: true, force: true });
  return makePrivateFolder(folder);
};

/** A block's uuid as a folder name; what had to be replaced is told apart by a hash. */
export const folderName = (uuid: string): string => {
  const safe = uuid.replaceAll(/[^\p{L}\p{N}_-]/gu, '_').slice(0, 100);
  return safe === uuid ? safe : `${safe}-${createHash('sha256').update(uuid).digest('hex').slice(0, 8)}`;
};

/** Python and TypeScript get a table of a database as a file; SQL refers to it where it is. */
const resolveInputs = (
  claim: Claim,
  connection: BlockContext['connection'],
  outputFolder: string,
): Promise<BlockInput[]> =>
  Promise.all(
    claim.inputs.map(async (input) => ({
      ...input,
      outputs:
        claim.language === 'sql'
          ? input.outputs
          : await Promise.all(input.outputs.map((output) => asFile(output, input.block, connection, outputFolder))),
    })),
  );

const asFile = async (
  output: StoredOutput,
  block: string,
  connection: BlockContext['connection'],
  outputFolder: string,
): Promise<StoredOutput> => {
  if (output.kind !== 'relation' || !output.relation) return output;
  const folder = join(outputFolder, 'inputs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const client = await connectClient(await connection(output.relation.profile), { applicationName: 'wand' });
  try {
    const path = join(folder, `${folderName(block)}-${output.name}.parquet`);
    return { ...(await materialiseRelation(client, output.relation, path)), name: output.name };
  } finally {
    await client.end();
  }
};

const blockErrorOf = (error: unknown) => ({
  type: error instanceof WandError ? error.code : 'internal',
  message: messageOf(error),
  file: error instanceof WandError ? (error.file ?? null) : null,
  line: error instanceof WandError ? (error.line ?? null) : null,
  fix: error instanceof WandError ? (error.fix ?? null) : null,
  traceback: error instanceof WandError || !(error instanceof Error) ? null : (error.stack ?? null),
});
