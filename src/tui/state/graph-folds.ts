import { blockFile, openPipeline, openProject } from './select.ts';
import { pipelineKey, type State } from './state.ts';

const mostPipelines = 200;

/** A block's folder below its project, as `transformers/trips`; null for a block without a file there. */
export const folderOf = (state: State, uuid: string): string | null => {
  const root = openProject(state)?.path;
  const file = blockFile(state, uuid)?.file;
  if (root === undefined || !file?.startsWith(`${root}/`)) return null;
  const end = file.lastIndexOf('/');
  return end > root.length ? file.slice(root.length + 1, end) : null;
};

/** Folders of the open pipeline that are folded. */
export const foldsOf = ({ pipeline, graphFolds }: State): readonly string[] =>
  (pipeline && graphFolds.get(pipelineKey(pipeline))) ?? [];

/** The folder whose box a block is in: of the folded ones round it the outermost. */
export const foldedFolder = (state: State, uuid: string): string | null => {
  const folds = foldsOf(state);
  if (folds.length === 0) return null;
  const folder = folderOf(state, uuid);
  return folder === null ? null : (aroundAndItself(folder).find((path) => folds.includes(path)) ?? null);
};

/** `a`, `a/b`, `a/b/c`. */
const aroundAndItself = (folder: string): string[] =>
  folder.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));

/** The folders with one more folded: the innermost one of the block, of a folded one the folder round it. Null where there is none. */
export const foldedMore = (state: State, uuid: string): string[] | null => {
  const folder = folderOf(state, uuid);
  if (folder === null) return null;
  const folds = foldsOf(state);
  const paths = aroundAndItself(folder);
  const outermost = paths.findIndex((path) => folds.includes(path));
  const next = outermost === -1 ? paths.at(-1) : paths[outermost - 1];
  return next === undefined ? null : [...folds, next];
};

/** The folders without the one that the block is in. Null where it is in none. */
export const foldedLess = (state: State, uuid: string): string[] | null => {
  const folder = foldedFolder(state, uuid);
  return folder === null ? null : foldsOf(state).filter((path) => path !== folder);
};

/** Whether nothing else of the pipeline is in the folder that would be folded next. */
export const isAlone = (state: State, uuid: string): boolean => {
  const folder = foldedMore(state, uuid)?.at(-1);
  const others = shownUuids(state).filter((other) => other !== uuid);
  return folder !== undefined && !others.some((other) => `${folderOf(state, other)}/`.startsWith(`${folder}/`));
};

const shownUuids = (state: State): string[] =>
  (state.snapshot?.blocks ?? openPipeline(state)?.blocks ?? []).map(({ uuid }) => uuid);

/** Every folder that holds several blocks of the pipeline. */
export const allFolders = (state: State): string[] => {
  const folders = shownUuids(state).flatMap((uuid) => folderOf(state, uuid) ?? []);
  return [...new Set(folders.filter((folder, index) => folders.indexOf(folder) !== index))];
};

/** Folds of all pipelines with those of the open one replaced; of pipelines not seen for long they are forgotten. */
export const withFolds = (state: State, folders: readonly string[]): State['graphFolds'] => {
  if (!state.pipeline) return state.graphFolds;
  const folds = new Map(state.graphFolds);
  const key = pipelineKey(state.pipeline);
  folds.delete(key);
  if (folders.length > 0) folds.set(key, folders);
  while (folds.size > mostPipelines) folds.delete(folds.keys().next().value!);
  return folds;
};
