import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { runSqlBlock } from '../../../src/blocks/sql/run-sql-block.ts';
import type { BlockContext, BlockInput, BlockResult, CommitMarker } from '../../../src/model/block-task.ts';
import type { ConnectionConfig } from '../../../src/model/connection-config.ts';
import type { BlockError } from '../../../src/model/run.ts';
import { connectClient } from '../../../src/postgres/connect.ts';
import { WandError } from '../../../src/problem/wand-error.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

export type SqlBlockOptions = {
  block?: string;
  blockType?: string;
  configuration?: Record<string, unknown>;
  variables?: Record<string, unknown>;
  inputs?: BlockInput[];
  marker?: Partial<CommitMarker>;
  signal?: AbortSignal;
  /** Where outputs go, instead of a folder made for the run. */
  outputFolder?: string;
  /** Profiles beside `default`. */
  profiles?: Record<string, ConnectionConfig>;
  onLog?: (line: string) => void;
};

export type SqlBlockRun = { result: BlockResult; log: string[]; file: string; outputFolder: string };

/** A database, a folder, and SQL blocks of the pipeline `pipe` that run in them with profile `default`. */
export type SqlWorkshop = {
  config: ConnectionConfig;
  client: Client;
  folder: string;
  run(sql: string, options?: SqlBlockOptions): Promise<SqlBlockRun>;
  /** A raw SQL block; the same otherwise. */
  raw(sql: string, options?: SqlBlockOptions): Promise<SqlBlockRun>;
  rows(sql: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
};

export const sqlWorkshop = async (): Promise<SqlWorkshop> => {
  const database: TestDatabase = await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'wand-sql-'));
  const client = await connectClient(database.config, { applicationName: 'test' });
  let runs = 0;
  const run: SqlWorkshop['run'] = async (sql, options = {}) => {
    runs += 1;
    return runBlock(sql, options, { folder, config: database.config, number: runs });
  };
  return {
    config: database.config,
    client,
    folder,
    run,
    raw: (sql, options = {}) =>
      run(sql, { ...options, configuration: { use_raw_sql: true, ...options.configuration } }),
    rows: async (sql) => (await client.query(sql)).rows,
    close: async () => {
      await client.end();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

type Place = { folder: string; config: ConnectionConfig; number: number };

const runBlock = async (
  sql: string,
  options: SqlBlockOptions,
  { folder, config, number }: Place,
): Promise<SqlBlockRun> => {
  const outputFolder = options.outputFolder ?? join(folder, `outputs-${number}`);
  if (!options.outputFolder) mkdirSync(outputFolder);
  const block = options.block ?? 'load';
  const file = join(folder, `${block.replaceAll('/', '_')}-${number}.sql`);
  writeFileSync(file, sql);
  const log: string[] = [];
  const context: BlockContext = {
    task: {
      runId: String(number),
      pipelineUuid: 'pipe',
      blockUuid: block,
      blockType: options.blockType ?? 'data_loader',
      language: 'sql',
      attempt: options.marker?.attempt ?? 1,
      file,
      projectPath: folder,
      workingDirectory: folder,
      inputs: options.inputs ?? [],
      variables: options.variables ?? {},
      configuration: { data_provider: 'postgres', data_provider_profile: 'default', ...options.configuration },
      outputFolder,
      retry: { attempts: 1 },
      runTests: false,
      marker: { state: 'test', runId: String(number), block, attempt: 1, lostAttempts: [], ...options.marker },
    },
    environment: { PATH: process.env.PATH ?? '' },
    signal: options.signal ?? new AbortController().signal,
    log: ({ level, text }) => {
      log.push(`${level}: ${text}`);
      options.onLog?.(text);
    },
    onProcess: async () => undefined,
    connection: async (profile) => {
      if (profile === 'default') return { ...config, schema: 'public' };
      const other = options.profiles?.[profile];
      if (other) return other;
      throw new WandError('profile-missing', `no profile ${profile} in the file`);
    },
  };
  return { result: await runSqlBlock(context), log, file, outputFolder };
};

/** The error of a run that was to fail. */
export const errorOf = ({ result }: SqlBlockRun): BlockError => {
  if (result.status !== 'failed') throw new Error('the block did not fail');
  return result.error;
};

/** The rows of a run's only output, from its file. */
export const outputRows = async ({ result }: SqlBlockRun): Promise<unknown[][]> => {
  const { previewOutput } = await import('../../../src/data/preview.ts');
  const [output] = result.outputs;
  if (result.status !== 'completed' || !output) throw new Error(`no output: ${JSON.stringify(result)}`);
  return (await previewOutput(output, { offset: 0, limit: 10_000 })).rows;
};
