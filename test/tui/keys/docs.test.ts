import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keysAsMarkdown, keysForReadme } from '../../../src/tui/keys/docs.ts';

test('docs/keys.md is what `wand keys --markdown` prints', () => {
  expect(readFileSync('docs/keys.md', 'utf8')).toBe(`# Keys of the workbench\n\n${keysAsMarkdown()}`);
});

test("the README's table is what `wand keys --readme` prints", () => {
  const section = /\n## Keys\n\n([\s\S]*?)\n\n(?!\|)/.exec(readFileSync('README.md', 'utf8'))![1];
  expect(`${section}\n`).toBe(keysForReadme());
});
