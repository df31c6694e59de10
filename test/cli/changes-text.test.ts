import { expect, test } from 'vitest';
import { changesText } from '../../src/cli/changes-text.ts';

test('a patch keeps its tabs, so that it can be applied, and shows other control characters', () => {
  const text = changesText({
    left: '1',
    right: '2',
    executionDate: null,
    variables: [],
    blocks: [],
    files: [
      { path: 'a.py', change: 'changed', blocks: [], patch: ['@@ -1 +1 @@', '-\treturn 1', '+\treturn 2\u001b[31m'] },
    ],
  });
  expect(text.split('\n')).toEqual(expect.arrayContaining(['-\treturn 1', '+\treturn 2^[[31m']));
});
