import {
  allFolders,
  foldedFolder,
  foldedLess,
  foldedMore,
  folderOf,
  foldsOf,
  isAlone,
} from '../../state/graph-folds.ts';
import type { State } from '../../state/state.ts';
import { graphView, selectedNode } from '../../view/graph-view.ts';
import type { Action } from '../action.ts';

const canFold = (state: State): true | string => {
  if (state.block === null) return 'select a block first';
  if (folderOf(state, state.block) === null) return `the file of ${state.block} is in no folder of the project`;
  if (foldedMore(state, state.block) === null) return 'there is no folder round this one';
  return isAlone(state, state.block) ? `${state.block} is alone in its folder` : true;
};

const canOpen = (state: State): true | string =>
  state.block !== null && foldedFolder(state, state.block) !== null ? true : 'the folder of this block is not folded';

type Folding = Pick<Action, 'title' | 'help'> & { id: string; key: string };

const folding = (
  { id, key, title, help }: Folding,
  when: (state: State) => true | string,
  folders: (state: State) => readonly string[],
): Action => ({
  id: `graph.${id}`,
  also: 'collapse folder group',
  title,
  help,
  keys: [key],
  context: 'graph',
  when,
  run: ({ state, dispatch }) => {
    const more = folders(state()).length > foldsOf(state()).length;
    dispatch({ type: 'graphFolded', folders: folders(state()) });
    if (more && graphView(state()).members.size === 0)
      dispatch({
        type: 'status',
        status: { text: 'no two of these blocks can be one box: their paths leave the folder', kind: 'info' },
      });
  },
});

/** Folders of blocks as boxes. The second keys are those of vim. */
export const graphFoldActions: readonly Action[] = [
  folding(
    {
      id: 'fold-toggle',
      key: 'z a',
      title: 'fold',
      help: 'Fold the folder of the selected block into one box, or open it again',
    },
    (state) => (canOpen(state) === true ? true : canFold(state)),
    (state) => foldedLess(state, state.block!) ?? foldedMore(state, state.block!)!,
  ),
  folding(
    {
      id: 'fold',
      key: 'z c',
      title: 'close',
      help: 'Fold the folder of the selected block into one box; again: the folder round it',
    },
    canFold,
    (state) => foldedMore(state, state.block!)!,
  ),
  folding(
    { id: 'unfold', key: 'z o', title: 'open', help: 'Open the folded folder of the selected block' },
    canOpen,
    (state) => foldedLess(state, state.block!)!,
  ),
  folding(
    { id: 'fold-all', key: 'z M', title: 'close all', help: 'Fold every folder that holds several blocks' },
    (state) => (allFolders(state).length > 0 ? true : 'no folder holds several blocks of this pipeline'),
    allFolders,
  ),
  folding(
    { id: 'unfold-all', key: 'z R', title: 'open all', help: 'Open every folded folder' },
    (state) => (foldsOf(state).length > 0 ? true : 'no folder is folded'),
    () => [],
  ),
  {
    id: 'graph.centre',
    title: 'centre',
    help: 'Put the selected block in the middle of the pane, as far as the picture goes',
    keys: ['z z'],
    context: 'graph',
    when: ({ block }) => (block ? true : 'select a block first'),
    run: ({ state, dispatch }) =>
      dispatch({ type: 'graphLooked', look: { centred: selectedNode(graphView(state()), state().block) } }),
  },
];
