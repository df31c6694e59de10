import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseYaml } from '../../src/project/yaml.ts';
import { parseExactJson } from './exact-json.ts';
import type { CaseFile, ConformanceCase, ExpectedCase } from './types.ts';

/**
 * The cases of a pack, by folder name; `wanted` names some of them (`01`, or `01-course-chain`). Throws if one that is
 * wanted is not there.
 */
export const readCases = (pack: string, wanted: string[] = []): ConformanceCase[] => {
  const folders = readdirSync(pack, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(pack, entry.name, 'case.yaml')))
    .map(({ name }) => name)
    .sort();
  const missing = wanted.find((name) => !folders.some((folder) => matches(folder, name)));
  if (missing) throw new Error(`no case ${missing} in ${pack}; it has ${folders.join(', ') || 'none'}`);
  return folders
    .filter((folder) => wanted.length === 0 || wanted.some((name) => matches(folder, name)))
    .map((folder) => readCase(join(pack, folder), folder));
};

const matches = (folder: string, name: string): boolean => folder === name || folder.startsWith(`${name}-`);

const readCase = (folder: string, name: string): ConformanceCase => {
  const file = join(folder, 'case.yaml');
  return {
    name,
    folder,
    file: parseYaml(readFileSync(file, 'utf8'), { file }).value as CaseFile,
    expected: parseExactJson(readFileSync(join(folder, 'expected.json'), 'utf8')) as unknown as ExpectedCase,
  };
};
