import { z } from 'zod';
import type { Block, Instance, Pipeline, Project } from '../../model/project.ts';
import { problemJson, problemShape } from './problem.ts';

export const blockShape = z.object({
  uuid: z.string(),
  name: z.string(),
  type: z.string(),
  language: z.string(),
  /** Absolute path, null for a block without a file. */
  file: z.string().nullable(),
  upstream: z.array(z.string()),
  downstream: z.array(z.string()),
  /** Pipelines of the project that list the same file. */
  pipelines: z.array(z.string()),
});

/** What `wand ls --json` prints, whatever is listed. */
export const lsShape = z.object({
  version: z.literal(1),
  instance: z.string(),
  projects: z.array(
    z.object({
      uuid: z.string(),
      name: z.string(),
      path: z.string(),
      problems: z.array(problemShape),
      pipelines: z.array(
        z.object({
          uuid: z.string(),
          name: z.string(),
          type: z.string(),
          problems: z.array(problemShape),
          blocks: z.array(blockShape),
        }),
      ),
    }),
  ),
});

/** The shape of an instance. `whole` holds all pipelines, for `pipelines` of a block, also where `instance` is only a part. */
export const lsJson = (instance: Instance, whole: Instance = instance): z.infer<typeof lsShape> => ({
  version: 1,
  instance: instance.path,
  projects: instance.projects.map((project) => {
    const users = usersOfFiles(whole.projects.find(({ path }) => path === project.path) ?? project);
    return {
      uuid: project.uuid,
      name: project.name,
      path: project.path,
      problems: project.problems.map(problemJson),
      pipelines: project.pipelines.map((pipeline) => pipelineJson(pipeline, users)),
    };
  }),
});

/** Pipelines by the file of a block they list. */
export const usersOfFiles = (project: Project): Map<string, string[]> => {
  const users = new Map<string, string[]>();
  for (const pipeline of project.pipelines) {
    for (const { file } of pipeline.blocks) {
      if (file === null) continue;
      const known = users.get(file) ?? [];
      if (!known.includes(pipeline.uuid)) users.set(file, [...known, pipeline.uuid]);
    }
  }
  return users;
};

const pipelineJson = (pipeline: Pipeline, users: Map<string, string[]>) => ({
  uuid: pipeline.uuid,
  name: pipeline.name,
  type: pipeline.type,
  problems: pipeline.problems.map(problemJson),
  blocks: pipeline.blocks.map((block) => blockJson(block, pipeline, users)),
});

const blockJson = (block: Block, pipeline: Pipeline, users: Map<string, string[]>): z.infer<typeof blockShape> => ({
  uuid: block.uuid,
  name: block.name,
  type: block.type,
  language: block.language,
  file: block.file,
  upstream: block.upstream,
  downstream: block.downstream,
  pipelines: block.file === null ? [pipeline.uuid] : (users.get(block.file) ?? [pipeline.uuid]),
});
