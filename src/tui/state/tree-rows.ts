import type { Pipeline, Project } from '../../model/project.ts';
import type { State } from './state.ts';
import { pipelineKey } from './state.ts';

export type TreeRow =
  | { kind: 'project'; key: string; project: Project; folded: boolean }
  | { kind: 'pipeline'; key: string; project: Project; pipeline: Pipeline };

/** Projects and their pipelines as rows; a filter keeps the pipelines whose name has it, and shows folded ones too. */
export const treeRows = ({ instance, tree }: Pick<State, 'instance' | 'tree'>): TreeRow[] => {
  const filter = tree.filter.toLowerCase();
  return (instance?.projects ?? []).flatMap((project): TreeRow[] => {
    const folded = filter === '' && tree.folded.has(project.path);
    const matching = project.pipelines.filter(
      ({ uuid, name }) => filter === '' || uuid.toLowerCase().includes(filter) || name.toLowerCase().includes(filter),
    );
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
export const treeCursor = (state: Pick<State, 'instance' | 'tree'>, rows = treeRows(state)): number =>
  Math.max(
    0,
    rows.findIndex(({ key }) => key === state.tree.cursor),
  );
