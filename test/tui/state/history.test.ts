import { expect, test } from 'vitest';
import type { App } from '../../../src/tui/keys/action.ts';
import { dispatchKey } from '../../../src/tui/keys/dispatch.ts';
import type { Event } from '../../../src/tui/state/event.ts';
import { reduce } from '../../../src/tui/state/reduce/reduce.ts';
import { initialState, type State } from '../../../src/tui/state/state.ts';
import { FakeSource } from '../../driver/fake-source.ts';
import { taxi } from '../../driver/open.ts';

/** The dispatcher on a state alone; what effects do here is open pipelines. */
const keyboard = async () => {
  const source = new FakeSource();
  source.addCompletedRun(taxi, 'yellow_taxi');
  const failed = source.addFailedRun(taxi, 'api_to_postgres', 'transform_taxi_data');
  const connection = { database: 'up' as const, label: '', message: null, workers: 0 };
  let state: State = initialState({ columns: 160, rows: 50 }, 0, connection);
  const dispatch = (event: Event): void => {
    state = reduce(state, event);
  };
  dispatch({ type: 'instanceLoaded', instance: await source.readInstance() });
  dispatch({ type: 'latestLoaded', runs: await source.listRuns(null, 10) });
  const open = async (pipeline: string, runId: string): Promise<void> => {
    const reference = { projectPath: taxi, pipeline };
    dispatch({ type: 'runsLoaded', pipeline: reference, runs: await source.listRuns(reference, 10) });
    dispatch({ type: 'snapshotLoaded', snapshot: await source.snapshot(runId) });
  };
  dispatch({ type: 'pipelineOpened', pipeline: { projectPath: taxi, pipeline: 'yellow_taxi' } });
  await open('yellow_taxi', '11');
  const effects = {
    openPipeline: (pipeline: NonNullable<State['pipeline']>, runId?: string) =>
      dispatch({ type: 'pipelineOpened', pipeline, ...(runId ? { runId } : {}) }),
  };
  const app = { state: () => state, dispatch, effects, quit: () => undefined } as unknown as App;
  return {
    press: (...names: string[]) => {
      for (const name of names) dispatchKey(app, { name, text: name });
    },
    state: () => state,
    open,
    failed,
  };
};

const where = ({ pipeline, focus, runId }: State): string => `${pipeline?.pipeline} ${runId} ${focus}`;

test('each key that leads somewhere makes one place, however many events it takes', async () => {
  const { press, state } = await keyboard();
  expect(state().history.back).toHaveLength(0);
  press('1', 'j');
  expect(state().history.back).toHaveLength(1);
  press('enter');
  expect(where(state())).toContain('api_to_postgres');
  expect(state().history.back).toHaveLength(2);
  press('-');
  expect(where(state())).toBe('yellow_taxi 11 tree');
  press('-');
  expect(where(state())).toBe('yellow_taxi 11 graph');
  press('_', '_');
  expect(where(state())).toContain('api_to_postgres');
  expect(state().history).toMatchObject({ back: { length: 2 }, forward: { length: 0 } });
});

test('the jump to the latest failure is one place too', async () => {
  const { press, state, failed, open } = await keyboard();
  press('!');
  expect(state().history.back).toHaveLength(1);
  await open('api_to_postgres', failed);
  press('-');
  expect(where(state())).toBe('yellow_taxi 11 graph');
});

test('going to where one is makes none, and a way there and back is not gone twice', async () => {
  const { press, state } = await keyboard();
  press('2', '2');
  expect(state().history.back).toHaveLength(0);
  press('4', '2', '4', '2');
  expect(state().history.back).toHaveLength(4);
  press('-', '-', '-', '-', '-');
  expect(where(state())).toBe('yellow_taxi 11 graph');
  expect(state().history).toMatchObject({ back: { length: 0 }, forward: { length: 4 } });
});
