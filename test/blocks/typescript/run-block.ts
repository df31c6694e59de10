import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { runTypescriptBlock } from '../../../src/blocks/typescript/run-typescript-block.ts';
import { previewOutput } from '../../../src/data/preview.ts';
import type { BlockInput, BlockResult, BlockTask, LogEntry } from '../../../src/model/block-task.ts';
import type { CellValue, StoredOutput } from '../../../src/model/output.ts';

export type BlockRun = { result: BlockResult; log: LogEntry[]; task: BlockTask };

/** A project in a folder of this test file: writes files into it and runs TypeScript blocks there. */
export const blockProject = () => {
  const folder = mkdtempSync(join(tmpdir(), 'wand ts-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const projectPath = join(folder, 'project');
  let runs = 0;

  const write = (name: string, text: string | Uint8Array): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };

  const run = async (
    text: string,
    changes: Partial<BlockTask> & { signal?: AbortSignal; environment?: Record<string, string> } = {},
  ): Promise<BlockRun> => {
    runs += 1;
    const { signal, environment, ...rest } = changes;
    const outputFolder = join(folder, 'outputs', String(runs));
    mkdirSync(outputFolder, { recursive: true });
    const task: BlockTask = {
      runId: '1',
      pipelineUuid: 'p',
      blockUuid: 'b',
      blockType: 'transformer',
      language: 'typescript',
      attempt: 1,
      file: rest.file ?? write(`project/transformers/block_${runs}.ts`, text),
      projectPath,
      workingDirectory: folder,
      inputs: [],
      variables: {},
      configuration: {},
      outputFolder,
      retry: { attempts: 0 },
      runTests: true,
      marker: { state: 's', runId: String(runs), block: 'b', attempt: 1, lostAttempts: [] },
      ...rest,
    };
    const log: LogEntry[] = [];
    const result = await runTypescriptBlock({
      task,
      environment: { ...(process.env as Record<string, string>), ...environment },
      signal: signal ?? new AbortController().signal,
      log: (entry) => log.push(entry),
      onProcess: async () => {},
      connection: async () => {
        throw new Error('not used');
      },
    });
    return { result, log, task };
  };

  return { folder, projectPath, write, run };
};

/** Outputs of a completed run; fails with the block's error otherwise. */
export const outputsOf = ({ result }: BlockRun): StoredOutput[] => {
  if (result.status === 'completed') return result.outputs;
  throw new Error(`the block failed: ${JSON.stringify(result.error)}`);
};

export const errorOf = ({ result }: BlockRun) => {
  if (result.status === 'failed') return result.error;
  throw new Error('the block did not fail');
};

/** The rows of a run's output as a page shows them. */
export const rowsOf = async (run: BlockRun, at = 0): Promise<CellValue[][]> =>
  (await previewOutput(outputsOf(run)[at]!, { offset: 0, limit: 10_000 })).rows;

/** A run's outputs as the input of another block. */
export const inputOf = (run: BlockRun, block = 'up'): BlockInput => ({
  block,
  blockType: 'data_loader',
  language: 'typescript',
  outputs: outputsOf(run),
});

/** Keeps fast-check and vitest out of a block's way: the line of a text in a file, 1-based. */
export const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;
