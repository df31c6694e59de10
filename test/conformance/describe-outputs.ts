import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { findPython } from '../../src/blocks/python/interpreter.ts';
import type { ConnectionConfig } from '../../src/model/connection-config.ts';
import type { StoredOutput } from '../../src/model/output.ts';
import { connectClient } from '../../src/postgres/connect.ts';
import { type ExactJson, parseExactJson } from './exact-json.ts';

type Place = {
  projectPath: string;
  environment: Record<string, string>;
  /** For tables that Parquet files have to be made of. */
  database: ConnectionConfig;
  folder: string;
};

/** Describes stored outputs as `expected.json` does, read back by the very code that gives them to a Python block. */
export const describeOutputs = async (outputs: StoredOutput[], place: Place): Promise<ExactJson[]> => {
  if (outputs.length === 0) return [];
  const files = await Promise.all(outputs.map((output, index) => asFile(output, index, place)));
  const python = await findPython({ projectPath: place.projectPath, environment: place.environment });
  const text = await runScript(python.command, JSON.stringify(files), place.environment);
  return parseExactJson(text) as ExactJson[];
};

/** The engine does the same before a Python block starts. */
const asFile = async (output: StoredOutput, index: number, place: Place): Promise<StoredOutput> => {
  if (output.kind !== 'relation' || output.path !== null || !output.relation) return output;
  const { materialiseRelation } = await import('../../src/data/materialise.ts');
  const client = await connectClient(place.database, { applicationName: 'conformance' });
  try {
    return await materialiseRelation(client, output.relation, join(place.folder, `relation_${index}.parquet`));
  } finally {
    await client.end();
  }
};

const runScript = async (python: string, input: string, environment: Record<string, string>): Promise<string> => {
  const child = spawn(python, [join(import.meta.dirname, 'describe-outputs.py')], {
    env: {
      ...environment,
      PYTHONPATH: join(import.meta.dirname, '../../src/blocks/python/lib'),
      PYTHONDONTWRITEBYTECODE: '1',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const read = { out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    read.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    read.error += text;
  });
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`describe-outputs.py ended with ${code}: ${read.error.trim().slice(-2000)}`);
  return read.out;
};
