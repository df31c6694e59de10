import { describe, expect, test } from 'vitest';
import { leaveScreen } from '../../../src/tui/term/session.ts';
import { Driver } from '../../driver/driver.ts';
import { FakeSource } from '../../driver/fake-source.ts';
import { taxi, workbench } from '../../driver/open.ts';

describe('the terminal', () => {
  test('hostile names and log lines are shown, never executed', async () => {
    const source = new FakeSource();
    const id = source.addRun(taxi, 'yellow_taxi', {});
    source.log(id, 'load_trips', 'before\u001b[2J\u001b]0;owned\u0007after\u202e');
    const driver = workbench(source);
    await driver.expectScreen('before^[[2J^[]0;owned^Gafter<U+202E>');
    await driver.expectScreen('▾ taxi');
  });

  test('q quits at the graph and says how to come back; the run goes on', async () => {
    const source = new FakeSource();
    source.addRun(taxi, 'yellow_taxi', {});
    const driver = new Driver(source, { start: { pipeline: 'yellow_taxi' } });
    await driver.expectScreen('run 11 ●');
    await driver.press('q');
    expect(await driver.exitCode).toBe(0);
    await driver.settle();
    expect(driver.screen()).toContain('taxi / yellow_taxi\nrun 11: running for');
    expect(driver.screen()).toContain('wand show 11');
    expect(source.cancelled).toEqual([]);
  });

  test('a terminal that hangs up ends it quietly, restored', async () => {
    const driver = new Driver(new FakeSource(), { start: { pipeline: 'yellow_taxi' } });
    await driver.expectScreen('▾ taxi');
    driver.hangUp();
    expect(await driver.exitCode).toBe(0);
    await expect.poll(() => driver.written.endsWith(leaveScreen), { timeout: 30_000 }).toBe(true);
  });

  test('pasted keys arrive one by one', async () => {
    const source = new FakeSource();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source);
    await driver.expectScreen('✓ load_trips');
    await driver.press('lll');
    await driver.expectSelected('trips_per_zone');
  });

  test('moving a row of the data costs fewer than 400 bytes, and standing still none', async () => {
    const source = new FakeSource();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source, { columns: 200, rows: 60 });
    await driver.expectScreen('✓ load_trips');
    await driver.press('5');
    await driver.expectScreen('cell 1,1');
    await driver.press('j', 'j');
    await driver.expectScreen('cell 3,1');
    await driver.settle();
    driver.takeBytes();
    await driver.press('j');
    await driver.expectScreen('cell 4,1');
    await driver.settle();
    const bytes = driver.takeBytes();
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.length).toBeLessThan(400);
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(driver.takeBytes()).toBe('');
  });

  test('what the terminal shows after many changes is what a fresh one would show', async () => {
    const source = new FakeSource();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source);
    await driver.expectScreen('✓ load_trips');
    await driver.press('5', 'j', 'j', 'l', 'l', 'G', '4', '?', 'esc', '2', 'l', '6', 'g', '1', '2');
    await driver.settle();
    const before = driver.screen();
    await driver.resize(120, 35);
    await driver.settle();
    await driver.resize(120, 36);
    await driver.settle();
    expect(driver.screen()).toBe(before);
  });

  test('80x24: lists fold away and come back over the graph', async () => {
    const driver = workbench(new FakeSource(), { columns: 80, rows: 24 });
    await driver.expectScreen('tree(1) runs(3)');
    await driver.expectMissing('1 Pipelines');
    await driver.press('1');
    await driver.expectScreen('1 Pipelines');
    await driver.expectMissing('2 Graph');
    await driver.press('3');
    await driver.expectScreen('3 Runs');
    await driver.press('esc');
    await driver.expectScreen('2 Graph');
  });

  test('60x20: one pane at a time, the graph as rails', async () => {
    const source = new FakeSource();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source, { columns: 60, rows: 19 });
    await driver.expectScreen('rails');
    await driver.expectScreen(/✓ load_zones .*│ ✓/);
    await driver.press('4');
    await driver.expectScreen('load_trips     reading the input of');
    await driver.expectMissing('2 Graph');
  });

  test('under 40x10 a notice with both sizes, and back', async () => {
    const driver = workbench(new FakeSource(), { columns: 39, rows: 9 });
    await driver.expectScreen('39x9, wand needs 40x10');
    await driver.resize(120, 36);
    await driver.expectScreen('▾ taxi');
  });

  test('NO_COLOR leaves no colour on the screen', async () => {
    const source = new FakeSource();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source, { environment: { LANG: 'C.UTF-8', NO_COLOR: '1' } });
    await driver.expectScreen('✓ load_trips');
    expect(driver.written).not.toMatch(/\u001b\[(?:[0-9;]*;)?(?:3[0-7]|4[0-7]|9[0-7]|10[0-7])(?:;[0-9;]*)?m/);
  });

  test('without UTF-8 everything drawn is ASCII', async () => {
    const source = new FakeSource();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source, { environment: { LANG: 'C.ISO-8859-1' } });
    await driver.expectScreen('+ load_trips');
    expect(driver.screen()).toMatch(/^[\x00-\x7f]*$/);
  });
});
