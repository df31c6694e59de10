import type { Project } from '../model/project.ts';
import { WandError } from '../problem/wand-error.ts';
import type { OpenInstance } from './open-instance.ts';

/** The project a command without a pipeline works on: the one it stands in, else the only one, else the only one with an io_config.yaml of that database. */
export const chooseProject = ({ instance, project }: OpenInstance): Project => {
  const chosen = project ?? instance.projects.find((_, index, all) => all.length === 1 || index === preferred(all));
  if (chosen) return chosen;
  throw new WandError('no-project', `there is no project in ${instance.path}`, { fix: 'name one with -C PROJECT_DIR' });
};

/** Several projects: the first that has pipelines, so that `wand preview TABLE` works in a clone. `-C` names another. */
const preferred = (projects: Project[]): number =>
  Math.max(
    0,
    projects.findIndex(({ pipelines }) => pipelines.length > 0),
  );
