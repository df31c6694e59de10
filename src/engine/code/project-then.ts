import { basename } from 'node:path';
import type { Pipeline, Project } from '../../model/project.ts';
import { WandError } from '../../problem/wand-error.ts';
import { readProject } from '../../project/read-project.ts';
import type { Store } from '../../store/open-store.ts';
import type { Claim } from '../claim.ts';
import { codePlace } from './code-place.ts';

/** A project and one of its pipelines as a run found them, under the paths that the user knows. */
export const projectThen = async (
  store: Store,
  runId: string,
  { project, pipeline }: { project: Project; pipeline: Pipeline },
): Promise<{ project: Project; pipeline: Pipeline; code: string }> => {
  const { rows } = await store.pool.query<{ code: string | null }>(
    `select settings->>'code' as code from wand.run where id = $1`,
    [runId],
  );
  const code = rows[0]?.code;
  if (!code) throw noCodeOf(runId);
  const place = await codePlace(store, code);
  const then = moved({ ...readProject(place), uuid: basename(project.path) }, place, project.path) as Project;
  const found = then.pipelines.find(({ uuid }) => uuid === pipeline.uuid);
  if (!found) throw noCodeOf(runId);
  return { project: then, pipeline: found, code };
};

const noCodeOf = (runId: string): WandError =>
  new WandError('no-code-kept', `the code of run ${runId} was not kept`, { fix: 'leave out --code then' });

/** The project of a claim; on a host without its folder the snapshot's, under the path that the user knows, with what a run of it needs to be told. */
export const projectOfClaim = ({
  projectPath,
  projectHome,
  projectId,
  settings,
}: Pick<Claim, 'projectPath' | 'projectHome' | 'projectId' | 'settings'>): {
  project: Project;
  standIn?: { projectId: string; code: string };
} => {
  const project = readProject(projectPath);
  if (projectHome === undefined || settings.code === undefined) return { project };
  const home = moved({ ...project, uuid: basename(projectHome) }, projectPath, projectHome) as Project;
  return { project: home, standIn: { projectId, code: settings.code } };
};

/** Every text in a value that begins with one path, with another one in its place. */
const moved = (value: unknown, from: string, to: string): unknown => {
  if (typeof value === 'string') return value.replaceAll(from, to);
  if (Array.isArray(value)) return value.map((item) => moved(item, from, to));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, moved(item, from, to)]));
};
