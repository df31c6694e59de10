import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keysAsMarkdown } from '../../../src/tui/keys/docs.ts';

test('docs/keys.md is what `wand keys --markdown` prints', () => {
  expect(readFileSync('docs/keys.md', 'utf8')).toBe(`# Keys of the workbench\n\n${keysAsMarkdown()}`);
});
