import { dirname, join, relative, resolve } from 'node:path';
import type { Instance, Project } from '../model/project.ts';
import { WandError } from '../problem/wand-error.ts';
import { byCode, isFolder, isProject, isThere, subfolderNames } from './folders.ts';
import { platformProjects } from './platform.ts';
import { problemOf } from './problem-of.ts';
import { type ReadOptions, readProject } from './read-project.ts';

/**
 * The instance that a folder belongs to (decisions.md 5), looked for at the folder and above it: a project (then its parent is
 * the instance, and the project is preferred), a folder whose children are projects, or one whose `projects/` child's are.
 * `instance` is the folder that directly holds the projects; `project` the path of the preferred one. Throws `no-instance`.
 */
export const findInstance = (from: string): { instance: string; project: string | null } => {
  const start = resolve(from);
  if (!isFolder(start)) {
    const fix = 'Give an existing folder, with -C DIR.';
    throw new WandError('no-instance', `no such folder: ${start}`, { fix });
  }
  for (const folder of upwards(start)) {
    if (isProject(folder)) return { instance: dirname(folder), project: folder };
    if (holdsProjects(folder)) return { instance: folder, project: null };
    const below = join(folder, 'projects');
    if (isFolder(below) && holdsProjects(below)) return { instance: below, project: null };
  }
  throw new WandError('no-instance', `no projects found in ${start} or above it`, {
    fix: 'Go to a folder with projects, name one with -C DIR, or make one with "wand init DIR".',
  });
};

/** Reads every project of an instance folder, sorted by uuid. Broken ones are in the list, with their problems. */
export const readInstance = (path: string, options: Pick<ReadOptions, 'environment'> = {}): Instance => {
  const instance: Instance = { path: resolve(path), projects: [], problems: [] };
  const projects = new Map<string, Project>();
  const platformRoot = isThere(join(instance.path, 'settings.yaml')) ? instance.path : null;
  if (platformRoot !== null) {
    const { listed, problems } = platformProjects(platformRoot);
    instance.problems.push(...problems);
    for (const { uuid, path: at } of listed) projects.set(at, readProject(at, { ...options, uuid, platformRoot }));
  }
  for (const at of projectFolders(instance)) {
    if (!projects.has(at)) projects.set(at, readProject(at, { ...options, platformRoot }));
  }
  instance.projects = [...projects.values()].sort((a, b) => byCode(a.uuid, b.uuid));
  return instance;
};

const upwards = (folder: string): string[] => {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
};

/** Also true for the root of a project platform whose settings.yaml names a project (mage-format.md 1.8). */
const holdsProjects = (folder: string): boolean => {
  try {
    if (subfolderNames(folder).some((name) => isProject(join(folder, name)))) return true;
  } catch {
    return false;
  }
  return isThere(join(folder, 'settings.yaml')) && platformProjects(folder).listed.length > 0;
};

const projectFolders = (instance: Instance): string[] => {
  try {
    return subfolderNames(instance.path)
      .map((name) => join(instance.path, name))
      .filter(isProject);
  } catch (error) {
    instance.problems.push(problemOf(error, { file: relative('', instance.path) || '.' }));
    return [];
  }
};
