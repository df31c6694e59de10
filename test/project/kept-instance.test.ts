import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readInstance } from '../../src/project/instance.ts';
import { keepInstance, keptInstance } from '../../src/project/kept-instance.ts';

let root: string;
const inRoot = (...parts: string[]): string => join(root, 'projects', ...parts);
const write = (path: string, text: string): void => writeFileSync(inRoot(path), text);
const metadata = 'taxi/pipelines/one/metadata.yaml';
const pipeline = (block: string): string =>
  `name: one\nblocks:\n- {uuid: ${block}, name: ${block}, type: data_loader, language: sql, upstream_blocks: [], downstream_blocks: []}\n`;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wand-kept-'));
  vi.stubEnv('WAND_HOME', join(root, 'home'));
  for (const folder of ['pipelines/one', 'data_loaders']) mkdirSync(inRoot('taxi', folder), { recursive: true });
  write('taxi/metadata.yaml', 'project_type: standalone\n');
  write(metadata, pipeline('load'));
  write('taxi/data_loaders/load.sql', 'select 1\n');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

/** As if the files had been written a while before. */
const keep = (): void => keepInstance(readInstance(inRoot()), Date.now() + 10_000);

test('is what the files say, in a file for its owner alone', () => {
  expect(keptInstance(inRoot())).toBeNull();
  keep();
  expect(keptInstance(inRoot())).toEqual(readInstance(inRoot()));
  const folder = join(root, 'home', 'run', 'projects');
  const [file] = readdirSync(folder);
  expect(statSync(join(folder, file!)).mode & 0o777).toBe(0o600);
});

test.each<[string, () => void]>([
  [
    'a pipeline is written again with the same size and time',
    () => {
      const { atime, mtime } = statSync(inRoot(metadata));
      write(metadata, pipeline('door'));
      utimesSync(inRoot(metadata), atime, mtime);
    },
  ],
  ['a block file goes', () => rmSync(inRoot('taxi/data_loaders/load.sql'))],
  ['a pipeline comes', () => mkdirSync(inRoot('taxi/pipelines/two'))],
  ['a project comes', () => mkdirSync(inRoot('shop'))],
  ['variables come', () => write('taxi/.env', 'A=1\n')],
  ['the platform settings come', () => write('settings.yaml', 'projects: {}\n')],
])('does not hold when %s', (_, change) => {
  keep();
  expect(keptInstance(inRoot())).not.toBeNull();
  change();
  expect(keptInstance(inRoot())).toBeNull();
});

test('what was written just before it was read is not kept: it may be written again under the same stamp', () => {
  keepInstance(readInstance(inRoot()));
  expect(keptInstance(inRoot())).toBeNull();
});

test('what JSON cannot say is not kept', () => {
  write(metadata, `${pipeline('load')}variables: {big: .nan}\n`);
  const read = readInstance(inRoot());
  read.projects[0]!.retryConfig = { big: Number.NaN };
  keepInstance(read, Date.now() + 10_000);
  expect(keptInstance(inRoot())).toBeNull();
});

test('a damaged file, or one of another place, counts as none', () => {
  keep();
  const folder = join(root, 'home', 'run', 'projects');
  const file = join(folder, readdirSync(folder)[0]!);
  for (const text of [
    '{"program": ',
    'null',
    '[]',
    '{"program": "1 other", "stamps": [], "instance": {"projects": []}}',
  ]) {
    writeFileSync(file, text);
    expect(keptInstance(inRoot())).toBeNull();
  }
});
