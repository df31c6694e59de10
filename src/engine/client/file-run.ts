import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileAsOutput } from '../../data/file-as-output.ts';
import type { Block, Pipeline, Project } from '../../model/project.ts';
import { WandError } from '../../problem/wand-error.ts';
import { blockOfFile } from '../../project/block-of-file.ts';
import { emptyPipeline } from '../../project/empty-pipeline.ts';
import type { ClaimInput } from '../claim.ts';
import { hostIdentity } from '../host-identity.ts';
import { givenFolder } from '../outputs/place.ts';
import { findReuse, type Reuse } from '../reuse.ts';
import { blockRunUuid, fansOf, type RunSettings } from '../run-definition.ts';
import { projectIdentity, submitRun } from '../submit.ts';
import type { EngineClient } from './open-client.ts';

/** A block's file to run by itself, outside any pipeline (decisions.md 8). */
export type FileRunRequest = {
  project: Project;
  /** Absolute, or from the working directory. */
  file: string;
  /** Pipeline whose settings and outputs it gets, where several list the file. */
  pipeline?: string;
  /** Inputs by number (from 1) or by the name of the block above: CSV, Parquet or JSON files. */
  inputs: Record<string, string>;
  trigger: string;
  variables?: Record<string, unknown>;
  executionDate?: Date;
  settings?: RunSettings;
  owner?: string;
};

/** A file run with everything decided. */
export type PreparedFileRun = {
  block: Block;
  pipeline: Pipeline | null;
  inputs: ClaimInput[];
  /** Run that gives those inputs that no file does. */
  base: Reuse | null;
};

/** Submits a run of one block, `pipeline: null`. Answers its id. */
export const startFileRun = async (client: EngineClient, request: FileRunRequest): Promise<string> => {
  const { block, pipeline, inputs, base } = await prepareFileRun(client, request);
  return submitRun(client.store, await client.queue(), {
    project: request.project,
    pipeline: alone(request.project, block),
    trigger: request.trigger,
    executionDate: request.executionDate ?? (base ? new Date(base.executionDate) : new Date()),
    variables: { ...base?.variables, ...request.variables },
    settings: request.settings,
    owner: request.owner,
    fileRun: { ofPipeline: pipeline?.uuid ?? null, inputs, parentRunId: base?.runId ?? null },
  });
};

/** Finds the block and its inputs; nothing is written but tables made of given files. Throws WandError: a missing input is no empty frame. */
export const prepareFileRun = async (client: EngineClient, request: FileRunRequest): Promise<PreparedFileRun> => {
  const { block, pipeline } = blockOfFile(request.project, request.file, request.pipeline);
  const given = await givenInputs(request, block);
  const base = pipeline ? await baseFor(client, request.project, { block, pipeline }, given) : null;
  const names = pipeline ? block.upstream : [...given.keys()];
  const inputs = await Promise.all(
    names.map(async (name) => given.get(name) ?? inputFrom(client, base!, pipeline!, name)),
  );
  refuseMissing(block, inputs.length);
  return { block, pipeline, inputs, base };
};

/** By the name of the block above; where nothing is above, `1`, `2`, ... without gaps. */
const givenInputs = async ({ inputs }: FileRunRequest, block: Block): Promise<Map<string, ClaimInput>> => {
  const given = new Map<string, ClaimInput>();
  for (const [key, file] of Object.entries(inputs).sort(([one], [other]) => Number(one) - Number(other))) {
    const name = /^\d+$/.test(key) ? (block.upstream[Number(key) - 1] ?? key) : key;
    if (block.upstream.length > 0 ? !block.upstream.includes(name) : name !== String(given.size + 1)) {
      throw new WandError('no-such-input', `--input ${key}=${file}: ${block.uuid} has no input ${key}`, {
        fix:
          block.upstream.length > 0
            ? `its inputs: ${block.upstream.map((uuid, index) => `${index + 1} (${uuid})`).join(', ')}`
            : `number them from 1: --input 1=FILE --input 2=FILE`,
      });
    }
    const output = await fileAsOutput(resolve(file), givenFolder());
    given.set(name, {
      block: /^\d+$/.test(name) ? `input_${name}` : name,
      blockRunId: '0',
      blockType: 'data_loader',
      language: 'python',
      outputs: [{ ...output, host: hostIdentity() }],
    });
  }
  return given;
};

const baseFor = async (
  client: EngineClient,
  project: Project,
  { block, pipeline }: { block: Block; pipeline: Pipeline },
  given: Map<string, ClaimInput>,
): Promise<Reuse | null> => {
  const needed = block.upstream.filter((uuid) => !given.has(uuid));
  const fans = fansOf(pipeline);
  const dynamic = [block.uuid, ...needed].find((uuid) => fans.has(uuid));
  if (dynamic !== undefined) {
    throw new WandError('dynamic-input', `${dynamic} runs once for each item of a dynamic block`, {
      fix: `run it in its pipeline: wand run ${pipeline.uuid} --block ${block.uuid}`,
    });
  }
  if (needed.length === 0) return null;
  const only = {
    ...pipeline,
    blocks: pipeline.blocks.map((it) => ({ ...it, upstream: it === block ? needed : it.upstream })),
  };
  return findReuse(client.store.pool, {
    projectId: projectIdentity(project),
    pipeline: only,
    execute: new Set([block.uuid]),
  });
};

const inputFrom = async (
  client: EngineClient,
  { runId }: Reuse,
  { blocks }: Pipeline,
  name: string,
): Promise<ClaimInput> => {
  const block = blocks.find(({ uuid }) => uuid === name)!;
  const { rows } = await client.store.pool.query<{ input: ClaimInput }>(
    `select jsonb_build_object('block', u.uuid, 'blockRunId', u.id::text, 'blockType', u.block_type, 'language', u.language,
       'configuration', u.definition->'configuration', 'file', u.definition->'file', 'outputs', wand.outputs(u.id)) as input
     from wand.block_run u where u.run_id = $1 and u.uuid = $2`,
    [runId, blockRunUuid(block)],
  );
  return rows[0]!.input;
};

/** `{{ df_2 }}` of an SQL file is nobody's by itself: it would silently become nothing. */
const refuseMissing = (block: Block, count: number): void => {
  if (block.language !== 'sql' || block.file === null) return;
  const numbers = [...readFileSync(block.file, 'utf8').matchAll(/\{\{\s*df_(\d+)/g)].map(([, number]) =>
    Number(number),
  );
  const missing = numbers.find((number) => number > count);
  if (missing === undefined) return;
  throw new WandError(
    'input-missing',
    `${block.file} reads df_${missing}, and has ${count} input${count === 1 ? '' : 's'}`,
    {
      file: block.file,
      fix: `give it: --input ${missing}=FILE (.csv, .parquet or .json)`,
    },
  );
};

/** A pipeline of just this block, for what a run needs of one. */
const alone = (project: Project, block: Block): Pipeline => ({
  ...emptyPipeline(block.uuid, `${project.path}/metadata.yaml`),
  blocks: [{ ...block, upstream: [], downstream: [] }],
});
