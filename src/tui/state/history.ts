import type { Event } from './event.ts';
import { type PaneId, pipelineKey, type State, type Tab } from './state.ts';

/** Where a reader was: enough to come back to it. */
export type Place = {
  pipeline: NonNullable<State['pipeline']>;
  runId: string | null;
  block: string | null;
  focus: PaneId;
  tab: Tab;
  table: State['data']['table'];
};

export type HistoryState = { back: readonly Place[]; forward: readonly Place[] };

export const emptyHistory: HistoryState = { back: [], forward: [] };

const mostPlaces = 100;

/** Events by which a reader goes somewhere else; steps inside a pane are not remembered one by one. */
const goes: ReadonlySet<Event['type']> = new Set([
  'focused',
  'pipelineOpened',
  'runOpened',
  'failureVisited',
  'tableChosen',
]);

export const placeOf = (state: State): Place | null => {
  const { pipeline, runId, block, focus, tab, data } = state;
  return pipeline && { pipeline, runId, block, focus, tab, table: data.table };
};

/** The state with the place before an event remembered, where the event led away from it. */
export const withHistory = (before: State, after: State, event: Event): State => {
  if (!goes.has(event.type) || before === after) return after;
  const [left, here] = [placeOf(before), placeOf(after)];
  if (!left || !here || samePlace(left, here)) return after;
  const last = after.history.back.at(-1);
  const back = last && samePlace(last, left) ? after.history.back : [...after.history.back, left].slice(-mostPlaces);
  return { ...after, history: { back, forward: [] } };
};

/**
 * What is remembered after a key that went somewhere in several events, as from a list into a pipeline and there to the graph: the place that
 * the key was pressed at, once. Null where that is what there is already.
 */
export const oneStep = (before: State, after: State): HistoryState | null => {
  const known = new Set(before.history.back);
  const added = after.history.back.filter((place) => !known.has(place));
  const [left, here] = [added[0], placeOf(after)];
  if (!left || !here) return null;
  const went = !samePlace(left, here);
  if (went && added.length === 1) return null;
  const kept = after.history.back.filter((place) => known.has(place));
  return { back: went ? [...kept, left] : kept, forward: went ? [] : before.history.forward };
};

const samePlace = (one: Place, other: Place): boolean => JSON.stringify(one) === JSON.stringify(other);

/** One step back or forward; the reducers of the panes do the going. */
export const movedInHistory = (state: State, by: 1 | -1, reduce: (state: State, event: Event) => State): State => {
  const here = placeOf(state);
  if (!here) return state;
  // Who has come back to a place by another way is not sent to where they are.
  const elsewhere = (places: readonly Place[]): readonly Place[] =>
    places.slice(0, 1 + places.findLastIndex((place) => !samePlace(place, here)));
  const back = by === -1 ? elsewhere(state.history.back) : state.history.back;
  const forward = by === 1 ? elsewhere(state.history.forward) : state.history.forward;
  const place = by === -1 ? back.at(-1) : forward.at(-1);
  if (!place) return { ...state, history: { back, forward } };
  const history =
    by === -1
      ? { back: back.slice(0, -1), forward: [...forward, here] }
      : { back: [...back, here], forward: forward.slice(0, -1) };
  return { ...goTo(state, place, reduce), history };
};

const goTo = (state: State, place: Place, reduce: (state: State, event: Event) => State): State => {
  const { pipeline, runId, block, focus, tab, table } = place;
  const samePipeline = state.pipeline !== null && pipelineKey(state.pipeline) === pipelineKey(pipeline);
  const opened = samePipeline
    ? state
    : reduce(state, { type: 'pipelineOpened', pipeline, ...(runId === null ? {} : { runId }) });
  const shown = runId === null || opened.runId === runId ? opened : reduce(opened, { type: 'runOpened', runId });
  return { ...shown, block, blockChosen: true, focus, tab, data: { ...shown.data, table, query: null } };
};
