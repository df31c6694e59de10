import { describe, expect, test } from 'vitest';
import { FakeSource } from '../../driver/fake-source.ts';
import { taxi, workbench } from '../../driver/open.ts';

const failing = (source = new FakeSource()): FakeSource => {
  source.addFailedRun(taxi, 'api_to_postgres', 'transform_taxi_data');
  return source;
};
const similarTo = (runId: string) => ({
  runId,
  time: '2026-01-02T03:04:05Z',
  attempt: 3,
  message: `alike in ${runId}`,
  line: 9,
});
const open = (source: FakeSource) => workbench(source, { start: { pipeline: 'api_to_postgres' } });

describe('the failure pane', () => {
  test('keeps attempts apart: their error, their line, their log', async () => {
    const source = failing();
    source.log('11', 'transform_taxi_data', 'the log of the first attempt', 'info', 1);
    const driver = open(source);
    await driver.expectScreen('ValueError · attempt 3 of 3 · run 11');
    await driver.expectScreen('[ ] other attempts');
    await driver.expectScreen('log, last 3 of 3 lines');
    await driver.press('[', '[');
    await driver.expectScreen('KeyError · attempt 1 of 3');
    await driver.expectScreen('▸  8 ');
    await driver.expectScreen('the log of the first attempt');
    await driver.expectMissing('Traceback');
    await driver.press('[');
    await driver.expectFooter('[: this is the first attempt');
    await driver.press(']');
    await driver.expectScreen('ValueError · attempt 2 of 3');
  });

  test('names runs that failed alike, tests that failed and the row', async () => {
    const source = failing();
    source.similar = ['10', '9', '7'].map(similarTo);
    const { error } = source.snapshots.get('11')!.blocks[1]!;
    const row = {
      input: 'load_api_data',
      number: 1_271_414,
      values: [
        ['VendorID', null],
        ['flag', 'Y'],
      ] as [string, string | null][],
    };
    source.attemptsOf.clear();
    source.setBlock('11', 'transform_taxi_data', 'failed', {
      attempt: 1,
      error: { ...error!, row },
      tests: [
        { name: 'test_output', passed: false, message: 'there are NULLs' },
        { name: 'test_rows', passed: true, message: null },
      ],
    });
    const driver = open(source);
    await driver.expectScreen('3 similar: 10 9 7');
    await driver.expectScreen('✗ test test_output: there are NULLs');
    await driver.expectScreen('row 1,271,414 of load_api_data');
    await driver.expectScreen('VendorID NULL · flag Y');
    expect(driver.screen()).not.toContain('test_rows');
  });

  test('says what was not run because of it, what is kept, and what to do next', async () => {
    const driver = open(failing());
    await driver.expectScreen(
      'not run because of it: taxi_data_to_postgres, check_counts · kept: load_api_data (1M rows',
    );
    await driver.expectFooter(/^ e edit line 9 {2}f rerun failed {2}R from here/);
  });

  test('comes by itself when a run fails, except to somebody who is in the rows or the code', async () => {
    for (const [keys, comes] of [
      [['2', 'l', '6', '2'], true],
      [['2', 'l', '6'], false],
    ] as const) {
      const source = new FakeSource();
      const driver = open(source);
      await driver.expectScreen('load_api_data');
      await driver.press(...keys);
      await driver.expectScreen('import pandas as pd');
      failing(source);
      await driver.expectScreen(/run 11 ✗/);
      if (comes) await driver.expectScreen('cannot convert float NaN to integer');
      else await driver.settle();
      expect(driver.screen().includes('cannot convert float NaN to integer')).toBe(comes);
    }
  });

  test('comes first at the start, whatever was open when the workbench was left', async () => {
    const kept = {
      version: 1,
      pipeline: { projectPath: taxi, pipeline: 'api_to_postgres' },
      focus: 'data',
      tab: 'data',
    };
    const memory = { read: () => kept, write: () => undefined };
    const driver = workbench(failing(), { start: {}, memory });
    await driver.expectScreen('cannot convert float NaN to integer');
    await driver.expectFooter('e edit line 9');
    await driver.press('[');
    await driver.expectScreen('attempt 2 of 3');
  });

  test('ctrl-r tries again in the same run; the old failure goes', async () => {
    const source = failing();
    const driver = open(source);
    await driver.expectScreen('attempt 3 of 3');
    await driver.press('\u0012');
    await driver.expectFooter('retrying run 11');
    await driver.expectScreen('4 Logs');
    await driver.expectMissing('cannot convert float NaN to integer');
    expect(source.retried).toEqual(['11']);
    await driver.press('\u0012');
    await driver.expectFooter('run 11 is running');
    await driver.press('@');
    await driver.expectScreen('wand retry 11 --detach');
  });

  test('s lists the runs that failed alike; enter goes to the same block there, - comes back', async () => {
    const source = failing(failing());
    source.setBlock('11', 'load_api_data', 'failed', {
      error: { ...source.snapshots.get('11')!.blocks[1]!.error!, message: 'another' },
    });
    source.similar = ['11', '7'].map(similarTo);
    const driver = open(source);
    await driver.expectScreen('2 similar: 11 7');
    await driver.press('s');
    await driver.expectSelected(/run 11 .*alike in 11.*line 9, attempt 3/);
    await driver.press('down');
    await driver.expectSelected('run 7');
    await driver.press('up', 'enter');
    await driver.expectScreen('ValueError · attempt 3 of 3 · run 11');
    await driver.press('-');
    await driver.expectScreen('ValueError · attempt 3 of 3 · run 12');
    source.similar = [];
    source.setBlock('12', 'transform_taxi_data', 'failed', { attempt: 4 });
    await driver.expectScreen('of 4');
    await driver.expectMissing('similar');
    await driver.press('s');
    await driver.expectFooter('s: no other run failed in this way');
  });

  test('that runs failed alike is said at 80 columns too, where the time gives way', async () => {
    const source = failing();
    source.similar = ['10', '9'].map(similarTo);
    const driver = workbench(source, { start: { pipeline: 'api_to_postgres' }, columns: 80, rows: 24 });
    await driver.expectScreen(/transform_taxi_data · ValueError · attempt 3 of 3 · run 11 +2 similar │/);
  });

  test('hostile text of an error reaches no terminal', async () => {
    const source = failing();
    const { error } = source.snapshots.get('11')!.blocks[1]!;
    source.attemptsOf.clear();
    source.setBlock('11', 'transform_taxi_data', 'failed', {
      error: { ...error!, message: 'bad \u001b[2J\u001b]0;pwned\u0007' },
    });
    const driver = open(source);
    await driver.expectScreen('bad ^[[2J^[]0;pwned^G');
  });
});
