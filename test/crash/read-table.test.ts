import { expect, test } from 'vitest';
import { readCrashTable } from './read-table.ts';

// It throws for a row without a test, and for a test that is not there.
test('each kind of fault in docs/crash-table.md names a test that there is', () => {
  expect(readCrashTable().map(({ fault }) => fault)).toContain('`wand cancel`');
});
