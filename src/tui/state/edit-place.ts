import { blockFile, blockRun, codeView, openPipeline } from './select.ts';
import type { State } from './state.ts';
import { treeCursor, treeRows } from './tree-rows.ts';

/** What `e` opens: the place that failed, the line in view of the code pane, the file of a tree's row; null where there is none. */
export const editPlace = (state: State): { file: string; line: number | null } | null => {
  if (state.focus === 'tree') return treePlace(state);
  if (state.focus === 'code' && state.code.file !== null) {
    const { line } = codeView(state);
    return { file: state.code.file, line: line ?? (state.code.top > 0 ? state.code.top + 1 : null) };
  }
  const error = blockRun(state, state.block)?.error;
  if (error?.file) return { file: error.file, line: error.line };
  const file = blockFile(state, state.block)?.file;
  return file ? { file, line: null } : brokenPipeline(state);
};

/** With no block to edit it is the pipeline's own file that wants it. */
const brokenPipeline = (state: State): { file: string; line: number | null } | null => {
  const pipeline = openPipeline(state);
  const problem = pipeline?.problems.find(({ severity }) => severity === 'error');
  return pipeline && problem ? { file: pipeline.file, line: problem.line ?? null } : null;
};

const treePlace = (state: State): { file: string; line: number | null } | null => {
  const row = treeRows(state)[treeCursor(state)];
  if (!row) return null;
  const file = row.kind === 'pipeline' ? row.pipeline.file : `${row.project.path}/metadata.yaml`;
  const { problems } = row.kind === 'pipeline' ? row.pipeline : row.project;
  const problem = problems.find((one) => one.severity === 'error' && one.file && file.endsWith(one.file));
  return { file, line: problem?.line ?? null };
};
