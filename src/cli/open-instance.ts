import type { Instance, Pipeline, Project } from '../model/project.ts';
import { findInstance, readInstance } from '../project/instance.ts';
import { resolvePipeline } from '../project/resolve.ts';

/** The instance a command works on: `-C DIR` or the nearest one, with the project it stands in. */
export type OpenInstance = { instance: Instance; project: Project | null };

export const openInstance = (directory: string | undefined): OpenInstance => {
  const found = findInstance(directory ?? process.cwd());
  const instance = readInstance(found.instance);
  return { instance, project: instance.projects.find(({ path }) => path === found.project) ?? null };
};

/** The pipeline a person named, as `PIPELINE` or `PROJECT/PIPELINE`. */
export const openPipeline = (name: string, directory: string | undefined): { project: Project; pipeline: Pipeline } => {
  const { instance, project } = openInstance(directory);
  return resolvePipeline(instance, name, project?.path);
};
