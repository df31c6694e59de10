import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { maskedCommand } from '../../../src/engine/client/masked-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'wand-mask-'));
writeFileSync(join(folder, '.env'), 'MY_TOKEN=from-the-file\n');
afterAll(() => rmSync(folder, { recursive: true }));
const masked = (line: string) => maskedCommand(line, { projectPath: folder, instancePath: null });

test.each([
  ['wand run a/b --var api_token=abc --var rows=3', 'wand run a/b --var api_token=*** --var rows=3'],
  [
    "wand run a/b --var 'password=it'\\''s long' --date 2021-01-01",
    "wand run a/b --var 'password=***' --date 2021-01-01",
  ],
  ['wand run a/b --var \'db={"password": "abc", "port": 1}\'', 'wand run a/b --var db=***'],
  ['wand run a/b --var \'map={"rows": 3}\'', 'wand run a/b --var \'map={"rows": 3}\''],
  ['wand run a/b --var url=postgres://me:s3cret@host/db', "wand run a/b --var 'url=postgres://me:***@host/db'"],
  [
    "wand sql 'alter role a password '\\''x'\\'' valid' --write",
    "wand sql 'alter role a password '\\''***'\\'' valid' --write",
  ],
  ["wand sql 'create role a password $a$x y$a$'", "wand sql 'create role a password '\\''***'\\'''"],
  ["wand sql 'select '\\''from-the-file'\\'''", "wand sql 'select '\\''***'\\'''"],
  ['wand show 12', 'wand show 12'],
])('%s', (line, kept) => {
  const result = masked(line);
  expect(result.replaceAll("'", '')).toBe(kept.replaceAll("'", ''));
  for (const secret of ['s3cret', 'from-the-file', 'abc', 'long', 'x y']) expect(result).not.toContain(secret);
});
