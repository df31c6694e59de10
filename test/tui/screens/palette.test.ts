import { describe, expect, test } from 'vitest';
import { FakeSource } from '../../driver/fake-source.ts';
import { taxi, workbench } from '../../driver/open.ts';

const completed = (): FakeSource => {
  const source = new FakeSource();
  source.addCompletedRun(taxi, 'yellow_taxi');
  return source;
};

describe('the palette', () => {
  test('finds a rerun by a few letters of its words and shows its key', async () => {
    const source = completed();
    const driver = workbench(source);
    await driver.expectScreen('✓ clean_trips');
    await driver.press('l', ':', 'run yel from clean');
    await driver.expectSelected(/R +run yellow_taxi from clean_trips +block/);
    await driver.press('enter');
    await driver.expectScreen('rerun from clean_trips: the plan');
    await driver.press('enter');
    await driver.expectFooter('run 12 started');
    expect(source.requests).toEqual([{ projectPath: taxi, pipeline: 'yellow_taxi', from: 'clean_trips', runId: '11' }]);
  });

  test('a run from it asks too before it runs beside another, and opens only where its pipeline is shown', async () => {
    const source = completed();
    source.addRun(taxi, 'yellow_taxi', {});
    const driver = workbench(source);
    await driver.expectScreen('clean_trips');
    await driver.press(':', 'run yellow_taxi');
    await driver.expectSelected('run yellow_taxi');
    await driver.press('enter');
    await driver.expectScreen('run yellow_taxi a second time?');
    expect(source.requests).toEqual([]);
    await driver.press('esc');
    let started = (_: string): void => {};
    source.startRun = () => new Promise((resolve) => (started = resolve));
    await driver.press('r', 'y');
    await driver.press('1', '/', ...'api_to', 'enter', 'enter');
    await driver.expectScreen('taxi ▸ api_to_postgres');
    started('99');
    await driver.expectFooter('run 99 started');
    await driver.expectScreen('taxi ▸ api_to_postgres');
    await driver.expectMissing('run 99 ●');
  });

  test('what cannot be done now says why, and pressing it says so again', async () => {
    const driver = workbench(completed());
    await driver.expectScreen('✓ clean_trips');
    await driver.press('ctrl-p', 'run yel failed');
    await driver.expectScreen(/f +run yellow_taxi failed blocks +not now: nothing failed/);
    await driver.press('enter');
    await driver.expectFooter('run yellow_taxi failed blocks: not now: nothing failed');
  });

  test('finds actions, pipelines of other projects, runs, blocks and tables', async () => {
    const source = completed();
    const driver = workbench(source);
    await driver.expectScreen('✓ clean_trips');
    await driver.press(':', 'table zones');
    await driver.expectSelected('table ny_taxi.zones');
    await driver.press('enter');
    await driver.expectScreen('ny_taxi.zones');
    await driver.press(':', 'code quality');
    await driver.press('enter');
    await driver.expectScreen('# quality_report.py');
    await driver.press(':', 'open orders', 'enter');
    await driver.expectScreen('shop ▸ orders');
    await driver.press(':', 'show the keys', 'enter');
    await driver.expectScreen('type to filter');
    await driver.press('esc', ':', 'zzzzzz');
    await driver.expectScreen('nothing fits');
  });

  test('finds an action by other words too, and so does the list of keys', async () => {
    const driver = workbench(completed());
    await driver.expectScreen('run 11 ✓');
    await driver.press(':', 'diff');
    await driver.expectScreen('compare this output with that of another run');
    await driver.expectScreen('go to the details and the comparison of runs');
    await driver.press('esc', '5', '?', 'diff');
    await driver.expectScreen('Compare this output with that of another run');
  });

  test('/ in the graph finds a block', async () => {
    const driver = workbench(completed());
    await driver.expectScreen('✓ clean_trips');
    await driver.press('/', 'qual');
    await driver.expectSelected('block quality_report');
    await driver.press('enter');
    await driver.expectMissing('╭─command');
    await driver.expectSelected('quality_report');
  });

  test('the command log has what was done as command lines', async () => {
    const source = completed();
    const driver = workbench(source);
    await driver.expectScreen('✓ clean_trips');
    await driver.press('l', 'R');
    await driver.expectScreen('the plan');
    await driver.press('enter');
    await driver.expectFooter('run 12 started');
    await driver.press('4', 'x', 'y');
    await driver.expectScreen('run 12 ⊘');
    await driver.press('@');
    await driver.expectScreen('wand cancel 12');
    await driver.expectScreen('wand logs 12');
    await driver.expectScreen('wand run taxi/yellow_taxi --from clean_trips --run 11 --detach');
    await driver.press('esc', ':', 'run orders', 'enter');
    await driver.expectFooter('run 13 started');
    await driver.press('@');
    await driver.expectScreen('wand run shop/orders --detach');
  });

  test('the command log is found again by the next workbench, without secrets', async () => {
    const source = completed();
    const first = workbench(source);
    await first.expectScreen(/run 11 ✓/);
    await first.press('A');
    await first.expectScreen('enter keeps');
    await first.press(...'note=hunter2', 'enter');
    await first.expectScreen('note = hunter2');
    await first.press('enter');
    await first.expectFooter('run 12 started');
    await first.press('@');
    await first.expectScreen('--var note=hunter2');
    await expect.poll(() => JSON.stringify(source.keptCommands)).toContain('wand run taxi/yellow_taxi --run 11 --var');
    const second = workbench(source);
    await second.expectScreen('run 12');
    await second.press('@');
    await second.expectScreen('wand run taxi/yellow_taxi --run 11 --var');
    await second.expectMissing('hunter2');
    expect(JSON.stringify(source.keptCommands)).not.toContain('hunter2');
  });

  test('a file of commands that something else has written is no obstacle', async () => {
    for (const kept of [null, [], { log: 1 }, { log: [null, { time: 1e300, title: 'x', line: 'y' }, { time: 1 }] }]) {
      const source = completed();
      source.keptCommands = kept;
      const driver = workbench(source);
      await driver.expectScreen(/run 11 ✓/);
      await driver.press('@');
      await driver.expectFooter('@: nothing was done yet');
    }
  });

  test('- goes back to the view before, _ forward again', async () => {
    const source = completed();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source);
    await driver.expectScreen('run 12 ✓');
    await driver.press('3', 'j', 'enter');
    await driver.expectScreen('run 11 ✓');
    await driver.press(':', 'open orders', 'enter');
    await driver.expectScreen('shop ▸ orders');
    await driver.press('-');
    await driver.expectScreen(/▸ yellow_taxi .*run 11 ✓/);
    await driver.press('ctrl-o');
    await driver.expectScreen(/▸ yellow_taxi .*run 12 ✓/);
    await driver.expectFooter('enter open');
    await driver.press('-', '-');
    await driver.expectFooter('there is no view before this one');
    await driver.press('_', '_', '_');
    await driver.expectScreen('shop ▸ orders');
    await driver.press('_');
    await driver.expectFooter('there is no view after this one');
  });

  test('! goes from launch to what failed last, wherever it is', async () => {
    const source = completed();
    source.addFailedRun(taxi, 'api_to_postgres', 'transform_taxi_data');
    const driver = workbench(source);
    await driver.expectScreen('✓ clean_trips');
    await driver.press('!');
    await driver.expectScreen('cannot convert float NaN to integer');
    await driver.expectFooter('e edit line 9');
  });

  test('the cursor stays on its entry when a run comes in between', async () => {
    const source = completed();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source);
    await driver.expectScreen(/run 12 ✓/);
    await driver.press(':', 'show run');
    await driver.expectScreen(/show run 11/);
    for (let steps = 0; steps < 40 && !driver.selected().includes('run 11'); steps++) {
      await driver.press('down');
      await driver.settle();
    }
    await driver.expectSelected('run 11');
    source.addCompletedRun(taxi, 'yellow_taxi');
    await driver.expectScreen(/show run 13/);
    await driver.expectSelected('run 11');
  });

  test('an answer that was asked for by a dialog that is closed does not reach the next one', async () => {
    const source = completed();
    const answers: PromiseWithResolvers<never[]>[] = [];
    source.listTables = () => {
      answers.push(Promise.withResolvers());
      return answers.at(-1)!.promise;
    };
    const driver = workbench(source);
    await driver.expectScreen(/run 11 ✓/);
    await driver.press('T');
    await driver.expectScreen('Reading the list of tables');
    await driver.press('esc');
    await driver.expectMissing('Reading the list of tables');
    await driver.press('T');
    await driver.expectScreen('Reading the list of tables');
    answers[0]!.reject(new Error('the first one failed'));
    await driver.settle();
    expect(driver.screen()).toContain('Reading the list of tables');
    answers[1]!.resolve([]);
    await driver.expectScreen('There is no such table');
  });
});
