import type { Instance, Pipeline, Project } from '../model/project.ts';
import { WandError } from '../problem/wand-error.ts';
import { nearest } from './nearest.ts';

/**
 * The pipeline a user means by `PIPELINE` or `PROJECT/PIPELINE` (decisions.md 5). `preferredProject` is the path or uuid of the
 * project they stand in: its pipeline wins for a bare name. Throws `pipeline-not-found` or `pipeline-ambiguous`, both exit 2.
 */
export const resolvePipeline = (
  instance: Instance,
  name: string,
  preferredProject: string | null = null,
): { project: Project; pipeline: Pipeline } => {
  const all = instance.projects.flatMap((project) => project.pipelines.map((pipeline) => ({ project, pipeline })));
  const slash = name.indexOf('/');
  const wanted = slash < 0 ? null : { project: name.slice(0, slash), pipeline: name.slice(slash + 1) };
  const found = all.filter(({ project, pipeline }) =>
    wanted ? project.uuid === wanted.project && pipeline.uuid === wanted.pipeline : pipeline.uuid === name,
  );
  const preferred = found.filter(({ project }) => [project.path, project.uuid].includes(preferredProject ?? ''));
  if (preferred.length === 1) return preferred[0]!;
  if (found.length === 1) return found[0]!;
  const fullNames = (pairs: typeof all) => pairs.map(({ project, pipeline }) => `${project.uuid}/${pipeline.uuid}`);
  if (found.length > 1) {
    const candidates = fullNames(found);
    throw new WandError('pipeline-ambiguous', `several projects have a pipeline ${name}: ${candidates.join(', ')}`, {
      fix: `Name one of them, such as "${candidates[0]}".`,
    });
  }
  throw unknownPipeline(instance, name, wanted === null ? all.map(({ pipeline }) => pipeline.uuid) : fullNames(all));
};

const unknownPipeline = (instance: Instance, name: string, known: string[]): WandError => {
  const names = [...new Set(known)];
  if (names.length === 0) {
    const fix = 'See "wand check" for what is wrong, or make one with "wand new pipeline".';
    return new WandError('pipeline-not-found', `no pipeline ${name}: no project in ${instance.path} has pipelines`, {
      fix,
    });
  }
  const near = nearest(name, names);
  const meant = near.length > 0 ? `Did you mean ${near.join(' or ')}? ` : '';
  return new WandError('pipeline-not-found', `no pipeline ${name} in ${instance.path}`, {
    fix: `${meant}There are: ${shortList(names)}.`,
  });
};

const shortList = (names: string[]): string =>
  names.length <= 20 ? names.join(', ') : `${names.slice(0, 20).join(', ')} and ${names.length - 20} more (wand ls)`;
