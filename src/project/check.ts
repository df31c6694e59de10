import { dirname } from 'node:path';
import type { Problem } from '../model/problem.ts';
import type { Instance, Project } from '../model/project.ts';
import { WandError } from '../problem/wand-error.ts';
import { projectEnvironment } from '../secrets/environment.ts';
import { byCode } from './folders.ts';
import { type IoConfig, readIoConfig } from './io-config.ts';
import { get } from './json-values.ts';
import { notYet } from './not-yet.ts';
import { postgresConfig } from './postgres-profile.ts';
import { problemOf } from './problem-of.ts';
import { textOf } from './read-block.ts';

/**
 * Everything wrong in an instance's files, sorted by project, pipeline, file and line: what reading found, and what only
 * shows when blocks are held against io_config.yaml and against what wand can run. Needs no database.
 */
export const checkInstance = (instance: Instance): Problem[] =>
  [...instance.problems, ...instance.projects.flatMap(projectProblems)].sort(
    (a, b) =>
      byCode(a.project ?? '', b.project ?? '') ||
      byCode(a.pipeline ?? '', b.pipeline ?? '') ||
      byCode(a.file ?? '', b.file ?? '') ||
      (a.line ?? 0) - (b.line ?? 0),
  );

/** The problems of one project, unsorted. */
export const projectProblems = (project: Project): Problem[] => [
  ...project.problems,
  ...project.pipelines.flatMap((pipeline) => [...pipeline.problems, ...notYet(project.uuid, pipeline)]),
  ...connectionProblems(project),
];

/** SQL blocks name a provider and a profile (mage-format.md 4.1). */
const connectionProblems = (project: Project): Problem[] => {
  const config = ioConfigOf(project);
  const judged = new Set<string>();
  return project.pipelines.flatMap((pipeline) =>
    pipeline.blocks
      .filter(({ language, type }) => language === 'sql' && type !== 'dbt')
      .flatMap((block): Problem[] => {
        const origin = {
          project: project.uuid,
          pipeline: pipeline.uuid,
          block: block.uuid,
          file: pipeline.file,
          line: block.line,
        };
        const provider = textOf(get(block.configuration, 'data_provider'));
        const profile = textOf(get(block.configuration, 'data_provider_profile'));
        if (provider === null)
          return [
            problem(
              'warning',
              origin,
              `${block.uuid} has no data_provider: Mage runs nothing`,
              'Add data_provider: postgres.',
            ),
          ];
        if (provider !== 'postgres') return [problem('warning', origin, `wand does not run SQL on ${provider} yet`)];
        if (profile === null)
          return [
            problem('error', origin, `${block.uuid} has no data_provider_profile`, 'Name a profile of io_config.yaml.'),
          ];
        if (profile.includes('{{') || judged.has(profile)) return [];
        if (config instanceof WandError) {
          judged.add(profile);
          return [problemOf(config, origin)];
        }
        const found = profileProblem(config, profile, origin);
        // A missing profile concerns each block; a missing key only the profile.
        if (found?.severity !== 'error') judged.add(profile);
        return found === null ? [] : [found];
      }),
  );
};

const problem = (
  severity: Problem['severity'],
  origin: Omit<Problem, 'severity' | 'message'>,
  message: string,
  fix?: string,
): Problem => ({ ...origin, severity, message, ...(fix ? { fix } : {}) });

/** What the environment lacks is only a warning here: another shell may have it. */
const profileProblem = (
  config: IoConfig,
  profile: string,
  origin: Omit<Problem, 'severity' | 'message'>,
): Problem | null => {
  try {
    postgresConfig(config, profile);
    return null;
  } catch (error) {
    if (error instanceof WandError && error.code === 'profile-missing') {
      const message = `${origin.block} uses the profile ${profile}, which io_config.yaml does not have`;
      return problem('error', origin, message, error.fix);
    }
    const { block: _, ...rest } = problemOf(error, origin);
    return { ...rest, severity: 'warning' };
  }
};

const ioConfigOf = (project: Project): IoConfig | WandError => {
  try {
    const instancePath = dirname(project.path);
    const { values } = projectEnvironment({ projectPath: project.path, instancePath });
    return readIoConfig(project.path, withEmbeddedServer(values));
  } catch (error) {
    if (error instanceof WandError) return error;
    throw error;
  }
};

/** With `POSTGRES_HOST=embedded` wand supplies these when a run starts (decisions.md 9). */
const withEmbeddedServer = (values: Record<string, string>): Record<string, string> =>
  values.POSTGRES_HOST === 'embedded'
    ? { ...values, POSTGRES_HOST: 'localhost', POSTGRES_PORT: '5432', POSTGRES_USER: 'wand', POSTGRES_PASSWORD: '' }
    : values;
