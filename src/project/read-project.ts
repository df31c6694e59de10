import { basename, dirname, join, resolve } from 'node:path';
import type { Pipeline, Project } from '../model/project.ts';
import { projectEnvironment } from '../secrets/environment.ts';
import { byCode, isThere, subfolderNames } from './folders.ts';
import { renderTemplate } from './jinja.ts';
import { asMap, get, jsonValues } from './json-values.ts';
import { problemOf } from './problem-of.ts';
import { textOf } from './read-block.ts';
import { readPipeline } from './read-pipeline.ts';
import { readProjectFile } from './read-text.ts';
import { parseYaml } from './yaml.ts';

export type ReadOptions = {
  /** For `env_var` in metadata.yaml; if not given, the shell's completed by the `.env` files. */
  environment?: NodeJS.ProcessEnv;
  /** Name in settings.yaml of a project platform; else the folder's name. */
  uuid?: string;
  /** Root of the project platform it belongs to. */
  platformRoot?: string | null;
};

/**
 * Reads a project folder (mage-format.md 1.1): its metadata.yaml through Jinja, and its pipelines one level deep, sorted by uuid.
 * Nothing that is wrong in its files throws; it becomes a problem of the project or of the one pipeline.
 */
export const readProject = (path: string, options: ReadOptions = {}): Project => {
  const projectPath = resolve(path);
  const uuid = options.uuid ?? basename(projectPath);
  const project: Project = {
    uuid,
    name: uuid,
    path: projectPath,
    projectUuid: null,
    pipelines: [],
    retryConfig: {},
    problems: [],
  };
  readMetadata(project, options.environment);
  project.pipelines = readPipelines(project, options.platformRoot ?? null);
  return project;
};

const readMetadata = (project: Project, given: NodeJS.ProcessEnv | undefined): void => {
  const file = join(project.path, 'metadata.yaml');
  const origin = { project: project.uuid, file };
  try {
    const source = readProjectFile(file);
    const environment = given ?? surroundings(project.path);
    const document = parseYaml(renderTemplate(source, { environment, file }), { file });
    project.problems.push(...document.warnings.map((warning) => ({ ...origin, ...warning })));
    // An empty file is a project whose settings are all defaults.
    const map = asMap(document.value ?? {});
    if (map === null) throw new Error('the file is not a map of keys and values');
    project.projectUuid = textOf(get(map, 'project_uuid'))?.trimEnd() ?? null;
    const retry = get(map, 'retry_config') ?? {};
    if (asMap(retry) === null) {
      const line = document.lineOf('retry_config');
      project.problems.push({
        ...origin,
        severity: 'warning',
        line,
        message: 'retry_config is not a map and is ignored',
      });
    }
    project.retryConfig = jsonValues(asMap(retry) ?? {}) as Record<string, unknown>;
  } catch (error) {
    project.problems.push(problemOf(error, origin));
  }
};

const surroundings = (projectPath: string): Record<string, string> =>
  projectEnvironment({ projectPath, instancePath: dirname(projectPath) }).values;

const readPipelines = (project: Project, platformRoot: string | null): Pipeline[] => {
  const folder = join(project.path, 'pipelines');
  if (!isThere(folder)) return [];
  try {
    return subfolderNames(folder)
      .filter((uuid) => isThere(join(folder, uuid, 'metadata.yaml')))
      .sort(byCode)
      .map((uuid) =>
        readPipeline({
          projectPath: project.path,
          project: project.uuid,
          platformRoot,
          uuid,
          file: join(folder, uuid, 'metadata.yaml'),
        }),
      );
  } catch (error) {
    project.problems.push(problemOf(error, { project: project.uuid, file: folder }));
    return [];
  }
};
