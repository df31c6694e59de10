import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { materialiseRelation } from '../data/materialise.ts';
import type { BlockContext, BlockInput } from '../model/block-task.ts';
import type { StoredOutput } from '../model/output.ts';
import { connectClient } from '../postgres/connect.ts';
import { WandError } from '../problem/wand-error.ts';
import type { Store } from '../store/open-store.ts';
import type { Claim, ClaimInput } from './claim.ts';
import { upstreamsOf } from './fan-out.ts';
import { localOutput } from './outputs/fetch-output.ts';

type Surroundings = {
  store: Store;
  signal: AbortSignal;
  connection: BlockContext['connection'];
  outputFolder: string;
};

/**
 * What a block gets from the blocks above it, one input for each. A dynamic child gets an item of what is above, a block below
 * `reduce_output` the outputs of all children (mage-format.md 3.7). Python and TypeScript get a table of a database as a file; SQL refers to
 * it where it is.
 */
export const resolveInputs = (claim: Claim, place: Surroundings): Promise<BlockInput[]> => {
  const { child } = claim.definition;
  const upstreams = child ? claim.inputs.map((input) => ({ input, children: [] })) : upstreamsOf(claim.inputs);
  return Promise.all(
    upstreams.map(async ({ input, children }, position): Promise<BlockInput> => {
      const item = child?.items[position] ?? null;
      const resolved: BlockInput = {
        ...input,
        block: input.childOf ?? input.block,
        outputs: await files(claim, input, place),
      };
      if (item !== null)
        return claim.language === 'python' ? { ...resolved, item } : itemAsValue(claim, resolved, item, place);
      if (!input.isFan) return resolved;
      if (claim.language !== 'python') throw notForOthers(claim, input);
      return { ...resolved, gathered: await Promise.all(children.map((it) => files(claim, it, place))) };
    }),
  );
};

const notForOthers = (claim: Claim, { block }: ClaimInput): WandError =>
  new WandError(
    'dynamic-input',
    `block ${claim.uuid} is written in ${claim.language} and comes after the children of ${block}`,
    {
      file: claim.definition.file ?? undefined,
      fix: `put a Python block between them that makes one value of the list of all children's outputs`,
    },
  );

/** SQL and TypeScript get an item of a list as a value of its own. */
const itemAsValue = (claim: Claim, input: BlockInput, item: number, { outputFolder }: Surroundings): BlockInput => {
  const [data] = input.outputs;
  const list: unknown = data?.kind === 'json' && data.path ? JSON.parse(readFileSync(data.path, 'utf8')) : null;
  if (!Array.isArray(list)) {
    throw new WandError(
      'dynamic-input',
      `block ${claim.uuid} is written in ${claim.language}, and ${input.block} gives no plain list`,
      {
        file: claim.definition.file ?? undefined,
        fix: `return a list of dicts, texts or numbers from ${input.block}, or write ${claim.definition.childOf ?? claim.uuid} in Python`,
      },
    );
  }
  const text = JSON.stringify(list[item] ?? null);
  const path = join(inputFolder(outputFolder), `${folderName(input.block)}-item.json`);
  writeFileSync(path, text, { mode: 0o600 });
  const value: StoredOutput = { name: 'output_0', kind: 'json', path, rows: null, columns: null, bytes: text.length };
  return { ...input, outputs: [value] };
};

/** On this host, wherever they were made. */
const files = async (claim: Claim, { block, outputs }: ClaimInput, place: Surroundings): Promise<StoredOutput[]> => {
  const here = await Promise.all(outputs.map((output) => localOutput(place.store, output, place.signal)));
  return claim.language === 'sql' ? here : Promise.all(here.map((output) => asFile(output, block, place)));
};

const asFile = async (
  output: StoredOutput,
  block: string,
  { connection, outputFolder }: Surroundings,
): Promise<StoredOutput> => {
  if (output.kind !== 'relation' || !output.relation) return output;
  const client = await connectClient(await connection(output.relation.profile), { applicationName: 'wand' });
  try {
    const path = join(inputFolder(outputFolder), `${folderName(block)}-${folderName(output.name)}.parquet`);
    return { ...(await materialiseRelation(client, output.relation, path)), name: output.name };
  } finally {
    await client.end();
  }
};

const inputFolder = (outputFolder: string): string => {
  const folder = join(outputFolder, 'inputs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
};

/** A block's uuid as a folder name; what had to be replaced is told apart by a hash. */
export const folderName = (uuid: string): string => {
  const safe = uuid.replaceAll(/[^\p{L}\p{N}_-]/gu, '_').slice(0, 100);
  return safe === uuid ? safe : `${safe}-${createHash('sha256').update(uuid).digest('hex').slice(0, 8)}`;
};
