import { describe, expect, test } from 'vitest';
import { WandError } from '../../../src/problem/wand-error.ts';
import { FakeSource } from '../../driver/fake-source.ts';
import { taxi, workbench } from '../../driver/open.ts';

describe('runs in the workbench', () => {
  test('shows the tree, the graph and the empty log of a pipeline that never ran', async () => {
    const driver = workbench(new FakeSource());
    await driver.expectScreen('▾ taxi');
    await driver.expectScreen('load_trips ──');
    await driver.expectScreen('Nothing has run yet: press r');
  });

  test('r starts a run, which shows live with its clock, its rows and its log', async () => {
    const source = new FakeSource({ rowCount: 1_369_765 });
    const driver = workbench(source);
    await driver.expectScreen('no runs yet');
    await driver.press('r');
    await driver.expectFooter('run 11 started');
    source.setBlock('11', 'load_trips', 'running');
    await driver.expectScreen(/● load_trips/);
    source.log('11', 'load_trips', 'reading 1,369,765 rows');
    await driver.expectScreen('reading 1,369,765 rows');
    source.setBlock('11', 'load_trips', 'completed');
    await driver.expectScreen('✓ load_trips');
    await driver.expectScreen('1.37M');
    await driver.expectScreen('1/6');
  });

  test('R reruns from the selected block of the shown run', async () => {
    const source = new FakeSource();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source);
    await driver.expectScreen('✓ clean_trips');
    await driver.press('l');
    await driver.expectSelected('clean_trips');
    await driver.press('R');
    await driver.expectScreen('rerun from clean_trips: the plan');
    await driver.press('enter');
    await driver.expectFooter('run 12 started');
    expect(source.requests).toEqual([{ projectPath: taxi, pipeline: 'yellow_taxi', from: 'clean_trips', runId: '11' }]);
  });

  test('x asks by name before it cancels, and no leaves the run alone', async () => {
    const source = new FakeSource();
    source.addRun(taxi, 'yellow_taxi', {});
    const driver = workbench(source);
    await driver.expectScreen('run 11 ●');
    await driver.press('x');
    await driver.expectScreen('cancel run 11 of yellow_taxi?');
    await driver.press('n');
    await driver.expectMissing('cancel run 11');
    expect(source.cancelled).toEqual([]);
    await driver.press('x');
    await driver.expectScreen('cancel run 11 of yellow_taxi?');
    await driver.press('y');
    await driver.expectScreen('run 11 ⊘');
    expect(source.cancelled).toEqual(['11']);
    await driver.expectFooter('run 11: stopped clean_trips; no process and no query of it is left');
  });

  test('what a cancel did not end is said', async () => {
    const source = new FakeSource();
    source.addRun(taxi, 'yellow_taxi', {});
    source.leftAfterCancel = ['clean_trips: process group 4711 is alive'];
    const driver = workbench(source);
    await driver.expectScreen('run 11 ●');
    await driver.press('x');
    await driver.expectScreen('cancel run 11 of yellow_taxi?');
    await driver.press('y');
    await driver.expectFooter('run 11: still there: clean_trips: process group 4711 is alive');
  });

  test('P asks, and then runs a block and what is below it again in the same run', async () => {
    const source = new FakeSource();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source);
    await driver.expectScreen(/run 11 ✓/);
    await driver.press('l');
    await driver.expectSelected('clean_trips');
    await driver.press('P');
    await driver.expectScreen('run clean_trips again in run 11?');
    await driver.expectScreen(/Again: clean_trips, .*export_trips/);
    await driver.press('n');
    await driver.expectMissing('run clean_trips again');
    expect(source.retried).toEqual([]);
    await driver.press('P');
    await driver.expectScreen('run clean_trips again in run 11?');
    await driver.press('y');
    await driver.expectFooter('retrying run 11 from clean_trips on');
    expect(source.retried).toEqual(['11 from clean_trips']);
    await driver.press('P');
    await driver.expectFooter('P: run 11 is running');
    await driver.press('@');
    await driver.expectScreen('wand retry 11 --from clean_trips --detach');
  });

  test('a block that waits for a worker with its tags says so', async () => {
    const source = new FakeSource();
    const id = source.addRun(taxi, 'yellow_taxi', {});
    source.setBlock(id, 'load_trips', 'queued', { missingTags: ['gpu', 'big'] });
    const driver = workbench(source);
    await driver.expectScreen('no worker');
    await driver.expectScreen('load_trips waits for a worker with tags gpu, big; none is alive.');
    await driver.press('8');
    await driver.expectScreen('waits for a worker with tags gpu, big; none is alive');
    source.setBlock(id, 'load_trips', 'running', { missingTags: null });
    await driver.expectMissing('none is alive');
  });

  test('a key that cannot work says why', async () => {
    const driver = workbench(new FakeSource());
    await driver.expectScreen('no runs yet');
    await driver.press('x');
    await driver.expectFooter('x: there is no run to cancel');
    await driver.press('n');
    await driver.expectFooter('n: no block failed in this run');
    await driver.press('Z');
    await driver.expectFooter('Z does nothing here');
  });

  test('a failed run opens on the message, the file and the line, then the log', async () => {
    const source = new FakeSource();
    source.addFailedRun(taxi, 'api_to_postgres', 'transform_taxi_data');
    const driver = workbench(source, { start: { pipeline: 'api_to_postgres' } });
    await driver.expectScreen('cannot convert float NaN to integer');
    await driver.expectScreen('transformers/transform_taxi_data.py:9');
    await driver.expectScreen('▸  9          data[column] = [int(value)');
    await driver.expectScreen('not run because of it: taxi_data_to_postgres, check_counts');
    const rows = driver.screen().split('\n');
    const rowOf = (text: string): number => rows.findIndex((row) => row.includes(text));
    expect(rowOf('cannot convert float')).toBeLessThan(rowOf('transform_taxi_data.py:9'));
    expect(rowOf('transform_taxi_data.py:9')).toBeLessThan(rowOf('Traceback'));
  });

  test('an error of the source is shown with its way out, and the screen lives on', async () => {
    const source = new FakeSource();
    const driver = workbench(source);
    await driver.expectScreen('no runs yet');
    source.failWith = new WandError('database-unreachable', 'no answer from db:5432', {
      fix: 'Start it with: wand db start',
    });
    await driver.press('r');
    await driver.expectFooter('no answer from db:5432');
    await driver.expectFooter('wand db start');
    source.failWith = null;
    await driver.press('r');
    await driver.expectFooter('run 11 started');
  });

  test('a refresh that fails once is made again, and the footer is clean then', async () => {
    const source = new FakeSource();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source);
    await driver.expectScreen('run 11 ✓');
    await driver.expectScreen('✓ load_trips');
    source.failWith = new WandError('database-unreachable', 'no answer from db:5432', {});
    // Nobody will say again that there is a new run.
    source.addCompletedRun(taxi, 'yellow_taxi');
    source.emit({ kind: 'runs' });
    await driver.expectFooter('no answer from db:5432');
    source.failWith = null;
    await driver.expectScreen('✓ 12');
    await driver.expectMissing('no answer from db:5432');
  });

  test('at the start runs, blocks, failure and its code are asked for once each', async () => {
    const source = new FakeSource();
    source.addFailedRun(taxi, 'api_to_postgres', 'transform_taxi_data');
    const asked = countQuestions(source, ['listRuns', 'snapshot', 'attempts', 'codeOfRun']);
    const driver = workbench(source, { start: { pipeline: 'api_to_postgres' } });
    await driver.expectScreen('ValueError · attempt 3 of 3 · run 11');
    await driver.settle();
    // The runs of all pipelines, and those of this one.
    expect(asked).toEqual({ listRuns: 2, snapshot: 1, attempts: 1, codeOfRun: 1 });
  });
});

/** Counts calls of a source and makes each answer come later than other changes of the state. */
const countQuestions = (source: FakeSource, names: readonly (keyof FakeSource)[]): Record<string, number> => {
  const asked: Record<string, number> = {};
  for (const name of names) {
    const answer = source[name] as (...args: unknown[]) => Promise<unknown>;
    Object.assign(source, {
      [name]: async (...args: unknown[]) => {
        asked[name] = (asked[name] ?? 0) + 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
        return answer.apply(source, args);
      },
    });
  }
  return asked;
};
