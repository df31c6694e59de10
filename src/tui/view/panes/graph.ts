import { drawLayered, type GraphPicture, offsetOf } from '../../../draw/graph/layered-view.ts';
import { drawMinimap } from '../../../draw/graph/minimap.ts';
import { drawRails } from '../../../draw/graph/rails-view.ts';
import { type Span, span } from '../../../draw/line.ts';
import { displayText } from '../../../draw/text-width.ts';
import type { Theme } from '../../../draw/theme.ts';
import { litBlocks } from '../../state/graph-look.ts';
import { openPipeline } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { graphView, selectedNode } from '../graph-view.ts';
import { stateLayout } from '../pane-size.ts';
import type { PaneContent, PaneSize } from './lists.ts';
import { messageLines } from './message.ts';
import { relativePlace } from './tabs.ts';

export const graphPane = (state: State, size: PaneSize, theme: Theme): PaneContent => {
  const title = [span('2 Graph', 'title')];
  const empty = emptyGraph(state);
  if (empty) return { title, note: foldedPanes(state), lines: messageLines(empty, size.width, theme) };
  const view = graphView(state);
  // One column of air at the left, as in every pane.
  const selected = selectedNode(view, state.block);
  const centred = selected !== null && state.graphLook.centred === selected;
  const whole = { width: size.width - 1, height: size.height, selected, centred, focused: size.focused };
  const map = view.kind === 'layered' && size.height > 4 ? mapOf(view.picture, whole) : null;
  const viewport = {
    ...whole,
    height: map ? size.height - 1 : size.height,
    lit: litBlocks(view.blocks, selected, state.graphLook),
  };
  const rows =
    view.kind === 'rails'
      ? drawRails(view.blocks, viewport, theme)
      : drawLayered(view.picture, view.blocks, viewport, theme);
  if (map && view.kind === 'layered') {
    const { x, y } = offsetOf(view.picture, viewport);
    const part = map === 'down' ? { from: y, room: viewport.height, down: true } : { from: x, room: whole.width };
    rows.push(drawMinimap(view.picture, view.blocks, { width: whole.width, ...part }, theme));
  }
  const { highlight, cone } = state.graphLook;
  const note = [
    ...(cone === null ? [] : [span(`only round ${displayText(cone)}, z f shows all`, 'warning')]),
    ...(highlight === null ? [] : [span(`${highlight}stream`, 'info')]),
    ...(selected !== null && view.members.has(selected) ? [span('enter opens the folder', 'muted')] : []),
    ...(view.kind === 'rails' ? [span('rails', 'muted')] : []),
    ...cutAway(view, viewport, theme),
    ...foldedPanes(state),
  ];
  return { title, note, lines: rows.map((row) => ` ${row}`) };
};

type Message = Parameters<typeof messageLines>[0];

const emptyGraph = (state: State): Message | null => {
  if (!state.instance && !state.trouble) return { text: 'Reading the project files.' };
  if (!state.instance) return { text: state.trouble!.message, fix: state.trouble!.fix, kind: 'error' };
  if (!state.pipeline) return { text: 'Choose a pipeline in the tree: 1, then enter.' };
  const pipeline = openPipeline(state);
  if (!pipeline && !state.snapshot)
    return { text: `The pipeline ${displayText(state.pipeline.pipeline)} is not there any more.`, kind: 'error' };
  if (state.snapshot?.blocks.length || pipeline?.blocks.length) return null;
  const problem = pipeline?.problems.find(({ severity }) => severity === 'error');
  if (!problem) return { text: 'This pipeline has no blocks.' };
  const place = problem.file ? `${relativePlace(state, problem.file)}${problem.line ? `:${problem.line}` : ''}: ` : '';
  return { text: place + problem.message, fix: problem.fix ?? 'e opens the file there', kind: 'error' };
};

/** Which way the map of a picture goes that the pane cannot show whole: from top to bottom where its lines do and go on below. */
const mapOf = ({ layout, kind }: GraphPicture, pane: { width: number; height: number }): 'down' | 'right' | null => {
  if (kind === 'stacked' && layout.height > pane.height) return 'down';
  return layout.width > pane.width ? 'right' : null;
};

/** How many blocks lie outside at each side, wholly or in part. */
const cutAway = (view: ReturnType<typeof graphView>, viewport: Parameters<typeof offsetOf>[1], { glyphs }: Theme) => {
  if (view.kind === 'rails') return [];
  const { layout, kind, nodeHeight } = view.picture;
  const { x, y } = offsetOf(view.picture, viewport);
  const cut = (isOut: (node: (typeof layout.nodes)[number]) => boolean, mark: string): Span[] => {
    const count = layout.nodes.filter(isOut).length;
    return count === 0 ? [] : [span(mark === glyphs.left ? `${mark} ${count}` : `${count} ${mark}`, 'muted')];
  };
  return [
    ...cut((node) => node.x < x, glyphs.left),
    ...cut((node) => node.x + node.width > x + viewport.width, glyphs.right),
    ...(kind === 'stacked' ? cut((node) => node.y < y, glyphs.sortUp) : []),
    ...(kind === 'stacked' ? cut((node) => node.y + nodeHeight > y + viewport.height, glyphs.open) : []),
  ];
};

const foldedPanes = (state: State) => (stateLayout(state).kind === 'medium' ? [span('tree(1) runs(3)', 'muted')] : []);
