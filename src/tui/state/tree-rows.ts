import type { Pipeline, Project } from '../../model/project.ts';
import { pipelineRow, treeFilter } from './list-filters.ts';
import type { State } from './state.ts';
import { pipelineKey } from './state.ts';

export type TreeRow =
  | { kind: 'project'; key: string; project: Project; folded: boolean }
  | { kind: 'pipeline'; key: string; project: Project; pipeline: Pipeline };

type TreeState = Pick<State, 'instance' | 'tree' | 'latest' | 'now'>;

/** Projects and their pipelines as rows; a filter keeps the pipelines it fits, and shows folded ones too. */
export const treeRows = ({ instance, tree, latest, now }: TreeState): TreeRow[] => {
  const filter = tree.filter.trim();
  const fits =
    (project: Project) =>
    (pipeline: Pipeline): boolean =>
      treeFilter(filter).matches(pipelineRow(project, pipeline, latest, now));
  return (instance?.projects ?? []).flatMap((project): TreeRow[] => {
    const folded = filter === '' && tree.folded.has(project.path);
    const matching = filter === '' ? project.pipelines : project.pipelines.filter(fits(project));
    if (filter !== '' && matching.length === 0) return [];
    const head: TreeRow = { kind: 'project', key: project.path, project, folded };
    if (folded) return [head];
    return [
      head,
      ...matching.map((pipeline): TreeRow => {
        const key = pipelineKey({ projectPath: project.path, pipeline: pipeline.uuid });
        return { kind: 'pipeline', key, project, pipeline };
      }),
    ];
  });
};

/** Index of the row under the cursor; 0 where the cursor's row is not there. */
export const treeCursor = (state: TreeState, rows = treeRows(state)): number =>
  Math.max(
    0,
    rows.findIndex(({ key }) => key === state.tree.cursor),
  );
