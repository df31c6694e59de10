import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlockContext, BlockTask, LogEntry } from '../../../src/model/block-task.ts';

/** A block's context for tests: a temporary folder as project and output, and what was logged and announced. */
export const blockContext = (
  task: Partial<BlockTask> = {},
  more: Partial<BlockContext> = {},
): {
  context: BlockContext;
  logged: LogEntry[];
  groups: { pgid: number; startTicks: string | null }[];
  folder: string;
} => {
  const folder = mkdtempSync(join(tmpdir(), 'wand-block-'));
  const logged: LogEntry[] = [];
  const groups: { pgid: number; startTicks: string | null }[] = [];
  const context: BlockContext = {
    task: {
      runId: '1',
      pipelineUuid: 'pipeline',
      blockUuid: 'block',
      blockType: 'data_loader',
      language: 'python',
      attempt: 1,
      file: join(folder, 'block.py'),
      projectPath: folder,
      workingDirectory: folder,
      inputs: [],
      variables: {},
      configuration: {},
      outputFolder: folder,
      retry: { attempts: 0 },
      runTests: true,
      marker: { state: 'test', runId: '1', block: 'block', attempt: 1, lostAttempts: [] },
      ...task,
    },
    environment: process.env as Record<string, string>,
    signal: new AbortController().signal,
    log: (entry) => void logged.push(entry),
    onProcess: async (group) => void groups.push(group),
    connection: async () => {
      throw new Error('no connection in this test');
    },
    ...more,
  };
  return { context, logged, groups, folder };
};
