import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { executeBlock } from '../blocks/execute.ts';
import { sourceOf } from '../blocks/source-of.ts';
import { fileStamp } from '../home/file-stamp.ts';
import { makePrivateFolder } from '../home/private-file.ts';
import type { AttemptResult, BlockContext, BlockInput, BlockTask, CodePlace, LogEntry } from '../model/block-task.ts';
import { messageOf, WandError } from '../problem/wand-error.ts';
import { extensions, isLanguage } from '../project/block-kinds.ts';
import { readProject } from '../project/read-project.ts';
import type { Store } from '../store/open-store.ts';
import { askConditionals, callCallbacks } from './attached-blocks.ts';
import type { OwedCallback } from './callbacks.ts';
import type { Claim } from './claim.ts';
import { folderName, resolveInputs } from './claim-inputs.ts';
import { claimHere } from './code/claim-here.ts';
import { runDataProduct } from './data-product.ts';
import { fanOut } from './fan-out.ts';
import { maskerOf } from './masked-ports.ts';
import { localOutput } from './outputs/fetch-output.ts';
import { outputsRoot } from './outputs/place.ts';
import { type ProjectData, projectData } from './project-data.ts';
import type { Queue } from './queue.ts';
import { openRequestDoor } from './requests/block-requests.ts';
import { requestHandlers } from './requests/handlers.ts';
import { blockVariables } from './variables.ts';

export type ExecutionPorts = {
  store: Store;
  /** For blocks that start other runs; without it they cannot. */
  queue?: Queue;
  signal: AbortSignal;
  log(entry: LogEntry): void;
  onProcess(group: { pgid: number; startTicks: string | null }): Promise<void>;
  /** The block only waits from now on (a sensor between two looks, a poll for another run), or works again: a slot is not needed meanwhile. */
  onWaiting?(waiting: boolean): void;
};

/**
 * Runs the block of a claim: prepares its task, environment and output folder, asks its conditionals, and hands it to its language. A block
 * below a dynamic one is not run itself, but gives its children. Never throws.
 */
export const executeClaim = async (claim: Claim, ports: ExecutionPorts): Promise<AttemptResult> => {
  try {
    if (claim.definition.fan) return fanOut(await withInputsHere(claim, ports), claim.definition.fan);
    return await withContext(claim, ports, async (context, { definition }) => {
      // After a failed attempt they have said yes already (mage-format.md 3.6: once per block run).
      const refused = claim.failures > 0 ? null : await askConditionals(context, definition.conditionals);
      if (refused) return refused;
      return claim.blockType === 'global_data_product' ? runDataProduct(claim, context, ports) : executeBlock(context);
    });
  } catch (error) {
    return { status: 'failed', error: blockErrorOf(error), outputs: [], tests: [] };
  }
};

/** Files of what is above, also of what another host has made. */
const withInputsHere = async (claim: Claim, { store, signal }: ExecutionPorts): Promise<Claim> => ({
  ...claim,
  inputs: await Promise.all(
    claim.inputs.map(async (input) => ({
      ...input,
      outputs: await Promise.all(input.outputs.map((output) => localOutput(store, output, signal))),
    })),
  ),
});

/** Calls the callbacks of a block run that has ended. Never throws. */
export const executeCallback = async (owed: OwedCallback, ports: ExecutionPorts): Promise<AttemptResult> => {
  try {
    // What the callbacks get is resolved like an input: tables of a database become files.
    const own = { block: owed.uuid, blockRunId: owed.blockRunId, blockType: owed.blockType, language: owed.language };
    const definition = { ...owed.definition, child: undefined };
    const claim: Claim = {
      ...owed,
      definition,
      language: 'python',
      inputs: [{ ...own, outputs: owed.callback.outputs }],
    };
    return await withContext(
      claim,
      ports,
      (context, { definition: here }) => callCallbacks(context, { ...owed, definition: here }),
      `callback-${owed.callback.id}`,
    );
  } catch (error) {
    return { status: 'failed', error: blockErrorOf(error), outputs: [], tests: [] };
  }
};

/** A file run has its inputs, and the pipeline whose settings and variables it gets, in its definition (decisions.md 8). */
const completed = (claim: Claim): Claim => {
  const { inputs = claim.inputs, ofPipeline = claim.pipeline } = claim.definition;
  return { ...claim, inputs, pipeline: ofPipeline };
};

const withContext = async (
  given: Claim,
  ports: ExecutionPorts,
  work: (context: BlockContext, claim: Claim) => Promise<AttemptResult>,
  folder = String(given.attempt),
): Promise<AttemptResult> => {
  const { claim, code, shown } = await claimHere(completed(given), ports.store);
  const data = await projectData(claim.projectPath);
  const masker = maskerOf(data.environment);
  const finish = (result: AttemptResult): AttemptResult => masker.result(shown(result));
  try {
    const outputs = emptyOutputFolder(claim, folder, await ports.store.stateId());
    const context = await contextOf(claim, data, masker.ports(ports), outputs, code);
    return finish(await (mayAsk(claim) ? withDoor(claim, ports, context, work) : work(context, claim)));
  } catch (error) {
    return finish({ status: 'failed', error: blockErrorOf(error), outputs: [], tests: [] });
  }
};

const withDoor = async (
  claim: Claim,
  ports: ExecutionPorts,
  context: BlockContext,
  work: (context: BlockContext, claim: Claim) => Promise<AttemptResult>,
): Promise<AttemptResult> => {
  const door = await openRequestDoor(requestHandlers(claim, ports));
  try {
    const { socket, token } = door;
    return await work({ ...context, task: { ...context.task, requests: { socket, token } } }, claim);
  } finally {
    door.close();
  }
};

/** Only Python code asks its worker for something. */
const mayAsk = ({ language, blockType, definition }: Claim): boolean =>
  !['sql', 'typescript'].includes(language) ||
  blockType === 'global_data_product' ||
  (definition.conditionals ?? []).length > 0;

const contextOf = async (
  claim: Claim,
  data: ProjectData,
  ports: ExecutionPorts,
  outputFolder: string,
  code: CodePlace | undefined,
): Promise<BlockContext> => {
  const connection: BlockContext['connection'] = async (profile) => data.connection(profile);
  const inputs = await resolveInputs(claim, { store: ports.store, signal: ports.signal, connection, outputFolder });
  return {
    task: await taskOf(claim, inputs, outputFolder, await ports.store.stateId(), code),
    environment: data.environment,
    signal: ports.signal,
    log: ports.log,
    onProcess: ports.onProcess,
    connection,
  };
};

const taskOf = async (
  claim: Claim,
  inputs: BlockInput[],
  outputFolder: string,
  state: string,
  code: CodePlace | undefined,
): Promise<BlockTask> => {
  const { child } = claim.definition;
  return {
    runId: claim.runId,
    pipelineUuid: claim.pipeline,
    blockUuid: child?.blockUuid ?? claim.uuid,
    blockType: claim.blockType,
    language: claim.language,
    attempt: claim.attempt,
    file: codeOf(claim, outputFolder, code),
    ...(code ? { code } : {}),
    projectPath: claim.projectPath,
    workingDirectory: dirname(claim.projectPath),
    inputs,
    variables: { ...variablesOf(claim), ...(child ? { ...child.variables, dynamic_block_index: child.index } : {}) },
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
    ...(child ? { dynamicIndex: child.index } : {}),
    ...(claim.settings.oneProcess ? { inProcessOfRun: true } : {}),
    ...(claim.settings.oneProcess && claim.settings.keepInMemory && !child ? { keepInMemory: true } : {}),
  };
};

/** The block's file; code that stands in the pipeline's entry wins over it (mage-format.md 1.5). */
const codeOf = (
  { uuid, blockType, language, definition }: Claim,
  outputFolder: string,
  code: CodePlace | undefined,
): string => {
  const { file, content } = definition;
  if (content !== undefined) {
    const extension = isLanguage(language) ? `.${extensions[language]}` : extname(file ?? '');
    const path = join(makePrivateFolder(join(outputFolder, 'code')), `${folderName(uuid)}${extension}`);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }
  if (blockType === 'global_data_product') return '';
  if (!file) throw new WandError('block-without-file', `block ${uuid} of type ${blockType} has no code file`);
  if (!existsSync(sourceOf(code, file))) {
    throw new WandError('block-file-missing', `the file of block ${uuid} is missing: ${file}`, {
      file,
      fix: 'create the file, or take the block out of the pipeline',
    });
  }
  return file;
};

const variablesOf = (claim: Claim): Record<string, unknown> =>
  blockVariables({
    // Read again at each block's start, as in Mage (mage-format.md 7.4).
    pipeline: { ...pipelineVariables(claim), ...settled(claim.overlay) },
    run: claim.variables,
    executionDate: claim.executionDate,
    runId: claim.runId,
    trigger: claim.trigger,
    api: claim.settings.api ?? false,
  });

const pipelineVariables = ({ projectPath, pipeline, overlay }: Claim): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(writtenVariables(projectPath, pipeline)).filter(([name]) => !overlay[name]?.deleted),
  );

const known = new Map<string, { stamp: string; variables: Record<string, unknown> }>();

/**
 * Variables of a pipeline as its file has them now. Parsed again only when the file has changed: reading a project with
 * a pipeline of 2,000 blocks took 0.1 s at the start of every block.
 */
const writtenVariables = (projectPath: string, pipeline: string | null): Record<string, unknown> => {
  if (pipeline === null) return {};
  const file = join(projectPath, 'pipelines', pipeline, 'metadata.yaml');
  const stamp = fileStamp(file);
  const found = known.get(file);
  if (found?.stamp === stamp) return found.variables;
  const variables = readProject(projectPath).pipelines.find(({ uuid }) => uuid === pipeline)?.variables ?? {};
  known.set(file, { stamp, variables });
  return variables;
};

const settled = (overlay: Claim['overlay']): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(overlay).flatMap(([name, { value, deleted }]) => (deleted ? [] : [[name, value] as const])),
  );

/** `<outputs>/<run>/<block>/<attempt>`, empty. */
const emptyOutputFolder = (claim: Claim, attempt: string, stateId: string): string => {
  const folder = join(outputsRoot(stateId), claim.runId, folderName(claim.uuid), attempt);
  // In one call for a new one, which most are: a call for each level took 0.1 ms of a block.
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (made === undefined) {
    rmSync(folder, { recursive: true, force: true });
    makePrivateFolder(folder);
  }
  return folder;
};

const blockErrorOf = (error: unknown) => ({
  type: error instanceof WandError ? error.code : 'internal',
  message: messageOf(error),
  file: error instanceof WandError ? (error.file ?? null) : null,
  line: error instanceof WandError ? (error.line ?? null) : null,
  fix: error instanceof WandError ? (error.fix ?? null) : null,
  traceback: error instanceof WandError || !(error instanceof Error) ? null : (error.stack ?? null),
});
