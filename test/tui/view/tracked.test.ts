import { expect, test } from 'vitest';
import { initialState, type State } from '../../../src/tui/state/state.ts';
import { tracked } from '../../../src/tui/view/tracked.ts';

const state = initialState({ columns: 80, rows: 24 }, 0, {
  database: 'up',
  label: '',
  message: null,
  workers: 0,
});

test('draws again only when something that was read has changed', () => {
  let drawn = 0;
  const draw = tracked((current, width: number) => {
    drawn += 1;
    return current.focus === 'graph' ? `${current.runId} ${width}` : String(current.block);
  });
  expect(draw(state, 5)).toBe('null 5');
  expect(draw({ ...state, block: 'b', now: 7 }, 5)).toBe('null 5');
  expect(drawn).toBe(1);
  expect(draw({ ...state, runId: '8' }, 5)).toBe('8 5');
  expect(draw({ ...state, runId: '8' }, 6)).toBe('8 6');
  expect(draw({ ...state, focus: 'logs', block: 'b' }, 6)).toBe('b');
  expect(draw({ ...state, focus: 'logs', block: 'c' }, 6)).toBe('c');
  expect(drawn).toBe(5);
});

test('what is read through another tracked drawing counts, also when that one need not draw', () => {
  const inner = tracked((current) => `${current.block}`);
  const outer = tracked((current) => `<${inner(current)}>`);
  const of = (block: string): State => ({ ...state, block });
  inner(of('a'));
  expect(outer(of('a'))).toBe('<a>');
  expect(outer(of('b'))).toBe('<b>');
  inner(of('c'));
  expect(outer(of('c'))).toBe('<c>');
});
