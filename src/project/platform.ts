import { join, resolve } from 'node:path';
import type { Problem } from '../model/problem.ts';
import { isInside } from './block-path.ts';
import { isProject } from './folders.ts';
import { asMap, get } from './json-values.ts';
import { problemOf } from './problem-of.ts';
import { textOf } from './read-block.ts';
import { readProjectFile } from './read-text.ts';
import { parseYaml } from './yaml.ts';

/**
 * Projects that the `settings.yaml` of a project platform names (mage-format.md 1.8), with the names it gives them. Entries
 * that are no project folders below the root become problems.
 */
export const platformProjects = (root: string): { listed: { uuid: string; path: string }[]; problems: Problem[] } => {
  const file = join(root, 'settings.yaml');
  try {
    const document = parseYaml(readProjectFile(file), { file });
    const entries = Object.entries(asMap(get(asMap(document.value) ?? {}, 'projects')) ?? {});
    const read = entries.map(([uuid, entry]) => ({ uuid, path: projectPath(root, uuid, entry) }));
    const listed = read.filter(({ path }) => isInside(root, path) && isProject(path));
    const problems = read
      .filter((project) => !listed.includes(project))
      .map(({ uuid, path }): Problem => {
        const line = document.lineOf('projects', uuid);
        return { severity: 'warning', file, line, message: `${uuid} is not a project below this folder: ${path}` };
      });
    return { listed, problems };
  } catch (error) {
    return { listed: [], problems: [problemOf(error, { file })] };
  }
};

const projectPath = (root: string, uuid: string, entry: unknown): string =>
  resolve(root, textOf(get(asMap(entry) ?? {}, 'path')) ?? uuid);
