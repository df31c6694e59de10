import { expect, test } from 'vitest';
import { errorLines } from '../../../src/cli/progress/block-line.ts';
import type { BlockRun, TestResult } from '../../../src/model/run.ts';

const failed = (message: string, tests: TestResult[]): BlockRun => ({
  id: '1',
  runId: '1',
  uuid: 'load',
  blockType: 'data_loader',
  language: 'python',
  position: 0,
  upstream: [],
  status: 'failed',
  attempt: 1,
  rows: null,
  startedAt: null,
  finishedAt: null,
  worker: null,
  outputs: [],
  tests,
  error: { type: 'Exception', message, file: 'load.py', line: 14, traceback: null },
  reusedFrom: null,
});

test('a failed test says what it found, before the place', () => {
  const tests = [
    { name: 'typed', passed: true, message: null },
    { name: 'has_rows', passed: false, message: 'only 891 rows\u001b[31m' },
  ];
  expect(errorLines(failed('Failed to pass tests for block load: has_rows', tests))).toEqual([
    'load: Exception: Failed to pass tests for block load: has_rows',
    '  has_rows: only 891 rows^[[31m',
    '  at load.py:14',
  ]);
});

test('a message that is said already is not said twice', () => {
  const tests = [{ name: 'has_rows', passed: false, message: 'only 891 rows' }];
  expect(errorLines(failed('has_rows: only 891 rows', tests))).toEqual([
    'load: Exception: has_rows: only 891 rows',
    '  at load.py:14',
  ]);
});
