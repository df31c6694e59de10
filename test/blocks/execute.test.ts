import { expect, it } from 'vitest';
import { executeBlock } from '../../src/blocks/execute.ts';
import type { BlockContext } from '../../src/model/block-task.ts';

const contextOf = (task: Partial<BlockContext['task']>): BlockContext => ({
  task: {
    runId: '1',
    pipelineUuid: 'pipe',
    blockUuid: 'load',
    blockType: 'data_loader',
    language: 'sql',
    attempt: 1,
    file: '/nowhere/load.sql',
    projectPath: '/nowhere',
    workingDirectory: '/',
    inputs: [],
    variables: {},
    configuration: {},
    outputFolder: '/nowhere/out',
    retry: { attempts: 1 },
    runTests: false,
    marker: { state: 'test', runId: '1', block: 'load', attempt: 1, lostAttempts: [] },
    ...task,
  },
  environment: {},
  signal: new AbortController().signal,
  log: () => undefined,
  onProcess: async () => undefined,
  connection: async () => {
    throw new Error('no connection is needed here');
  },
});

it.each([
  ['a language that is not there yet', { language: 'r' }, /language r yet/],
  ['yaml', { language: 'yaml' }, /language yaml yet/],
  ['dbt', { blockType: 'dbt' }, /dbt/],
  ['a conditional', { blockType: 'conditional', language: 'python' }, /type conditional yet/],
  ['SQL for another database', { configuration: { data_provider: 'bigquery' } }, /"bigquery"/],
])('fails %s in words, with a way out', async (_, task, message) => {
  const result = await executeBlock(contextOf(task));
  expect(result).toMatchObject({ status: 'failed', error: { file: '/nowhere/load.sql' } });
  if (result.status !== 'failed') throw new Error('unreachable');
  expect(result.error.message).toMatch(message);
  expect(result.error.fix).toBeTruthy();
});

it('an SQL sensor does nothing, as in Mage', async () => {
  const result = await executeBlock(contextOf({ blockType: 'sensor' }));
  expect(result).toEqual({ status: 'completed', outputs: [], rows: null, tests: [] });
});
