import { line, type Span, span, spansWidth } from '../../draw/line.ts';
import { displayText } from '../../draw/text-width.ts';
import type { Theme, Token } from '../../draw/theme.ts';
import type { Action } from '../keys/action.ts';
import { activeActions } from '../keys/actions.ts';
import { filterProblem } from '../state/list-filters.ts';
import type { State, Status } from '../state/state.ts';

const tokens: Record<Status['kind'], Token | undefined> = { info: undefined, warning: 'warning', error: 'error' };

/** What is being typed, else what was just said, else the keys that work here. */
export const footerLine = (state: State, theme: Theme): string => {
  const { columns } = state.size;
  if (state.input) {
    const { pane, text } = state.input;
    const problem = pane === 'logs' || pane === 'logFilter' ? null : filterProblem(pane, text);
    const hint = problem
      ? span(`  ${displayText(problem)}`, 'warning')
      : span(`  enter keeps, esc takes back${state.filters[pane].length > 0 ? ', up recalls' : ''}`, 'muted');
    return line(
      [
        span(` ${pane === 'logFilter' ? '&' : '/'}${displayText(state.input.text)}`, 'strong'),
        span(' ', 'selected'),
        hint,
      ],
      columns,
      theme,
    );
  }
  if (state.status)
    return line([span(` ${displayText(state.status.text)}`, tokens[state.status.kind])], columns, theme);
  const { database, message } = state.connection;
  if (database === 'down' && message) return line([span(` ${displayText(message)}`, 'error')], columns, theme);
  if (state.trouble && state.instance) {
    const fix = state.trouble.fix ? `  ${displayText(state.trouble.fix)}` : '';
    return line([span(` ${displayText(state.trouble.message)}`, 'error'), span(fix, 'info')], columns, theme);
  }
  return line(keySpans(state, columns), columns, theme);
};

/** By these one finds all the others. */
const alwaysShown: ReadonlySet<string> = new Set(['palette.open', 'help.open']);

/** As many keys as fitted, the most used first; `:` and `?` always. */
const keySpans = (state: State, columns: number): Span[] => {
  const shown = activeActions(state)
    .filter((action) => action.keys.length > 0 && placeOf(action, state) !== null)
    .filter(({ when }) => (when?.(state) ?? true) === true)
    .sort((a, b) => placeOf(a, state)! - placeOf(b, state)!);
  const spansOf = ({ keys, title, titleNow }: Action): Span[] => keySpan(keys[0]!, titleNow?.(state) ?? title);
  const end = shown.filter(({ id }) => alwaysShown.has(id)).flatMap(spansOf);
  const spans: Span[] = [];
  for (const action of shown) {
    if (alwaysShown.has(action.id)) continue;
    const next = spansOf(action);
    if (spansWidth([...spans, ...next, ...end]) > columns - 1) break;
    spans.push(...next);
  }
  return [...spans, ...end];
};

/** With a failure in view what to do about it comes first, in the graph too. */
const placeOf = ({ footer, footerIn }: Action, { focus, tab }: State): number | null => {
  const here = footerIn?.[tab === 'failure' && focus === 'graph' ? 'failure' : focus];
  return here === undefined ? (footer ?? null) : here;
};

const keySpan = (key: string, title: string): Span[] => [
  span(` ${key} `, 'key', 'strong'),
  span(`${title.startsWith(`${key} `) ? title.slice(key.length + 1) : title} `),
];
