import { readFile } from 'node:fs/promises';
import { textLiteral } from '../../data/duckdb.ts';
import { readRows } from '../../data/read-rows.ts';
import type { StoredOutput } from '../../model/output.ts';
import { WandError } from '../../problem/wand-error.ts';
import type { Input, Row } from '../../sdk/input.ts';
import { kind } from '../../sdk/kinds.ts';
import type { Workshop } from './execute-task.ts';
import { remembering } from './last-row.ts';

/** An input with the file behind it, for the SQL of the child. */
export type StoredInput = Input & { readonly stored: StoredOutput };

/** One input per upstream block: its first output, with the others beside it. */
export const blockInputs = (workshop: Workshop): Input[] =>
  workshop.task.inputs.map(({ block, outputs }) => outputsAsInputs(workshop, block, outputs)[0] ?? noInput(block));

/** Stored outputs as a block sees them. */
export const outputsAsInputs = (workshop: Workshop, block: string, outputs: StoredOutput[]): StoredInput[] => {
  const all: StoredInput[] = [];
  for (const stored of outputs) all.push(storedInput(workshop, block, stored, all));
  return all;
};

const storedInput = (workshop: Workshop, block: string, stored: StoredOutput, all: Input[]): StoredInput => {
  const rows = (): AsyncIterable<Row> => rowsOf(workshop, block, stored);
  const toArray = async (): Promise<Row[]> => {
    const list: Row[] = [];
    for await (const row of rows()) list.push(row);
    return list;
  };
  return {
    [kind]: 'input',
    block,
    name: stored.name,
    kind: stored.kind,
    rowCount: stored.rows,
    columns: stored.columns,
    get outputs() {
      return [this, ...all.filter((other) => other !== this)];
    },
    stored,
    rows,
    toArray,
    value: async <T>() => (stored.kind === 'json' ? await jsonOf(block, stored) : await toArray()) as T,
  };
};

/** A block that handed on nothing: it stands in its place, so that the others keep their number. */
const noInput = (block: string): Input => {
  const nothing = async function* (): AsyncGenerator<Row> {};
  return {
    [kind]: 'input',
    block,
    name: 'output_0',
    kind: 'json',
    rowCount: null,
    columns: null,
    outputs: [],
    rows: nothing,
    toArray: async () => [],
    value: async <T>() => null as T,
  };
};

async function* rowsOf(workshop: Workshop, block: string, stored: StoredOutput): AsyncGenerator<Row> {
  if (stored.kind === 'json') {
    const value = await jsonOf(block, stored);
    yield* remembering(block, (Array.isArray(value) ? value : [value]) as Row[]);
    return;
  }
  const query = `SELECT * FROM read_parquet(${textLiteral(parquetPath(block, stored))})`;
  yield* remembering(block, readRows(await workshop.duckdb(), query));
}

const jsonOf = async (block: string, stored: StoredOutput): Promise<unknown> => {
  if (stored.path === null) return null;
  try {
    return JSON.parse(await readFile(stored.path, 'utf8'));
  } catch (problem) {
    throw new WandError('input-unreadable', `${stored.name} of block ${block} cannot be read: ${stored.path}`, {
      fix: `run ${block} again`,
      cause: problem,
    });
  }
};

/** The Parquet file behind a table; throws for outputs that are none. */
export const parquetPath = (block: string, stored: StoredOutput): string => {
  if (stored.kind === 'pickle') {
    throw new WandError(
      'pickled-input',
      `${stored.name} of block ${block} is a Python object; only Python can read it`,
      {
        fix: `let ${block} return a data frame, a list or a dict`,
      },
    );
  }
  if (stored.path === null) {
    throw new WandError('input-not-here', `${stored.name} of block ${block} is not stored as a file`, {
      fix: `run ${block} again`,
    });
  }
  return stored.path;
};
