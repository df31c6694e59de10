import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readKept, withKeptPanes } from '../../../src/tui/state/kept.ts';
import { initialState } from '../../../src/tui/state/state.ts';
import { uiFile } from '../../../src/tui/ui-file.ts';
import { FakeSource } from '../../driver/fake-source.ts';
import { taxi, workbench } from '../../driver/open.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'wand-kept-'));
  vi.stubEnv('WAND_HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const source = (): FakeSource => {
  const made = new FakeSource();
  made.addCompletedRun(taxi, 'api_to_postgres');
  made.addCompletedRun(taxi, 'yellow_taxi');
  return made;
};

test('the next start opens the pipeline, the block, the table and the folds that were left', async () => {
  const first = workbench(source(), { memory: uiFile('/home/me/course'), start: { pipeline: 'api_to_postgres' } });
  await first.expectScreen('check_counts');
  await first.press('2', 'l', 'T');
  await first.expectScreen('trips_per_zone');
  await first.press('enter');
  await first.expectScreen('ny_taxi.yellow_cab_data');
  await first.press('1', 'G', 'h', '5');
  await first.quit();
  const second = workbench(source(), { memory: uiFile('/home/me/course'), start: {} });
  await second.expectScreen(/wand {2}taxi ▸ api_to_postgres/);
  await second.expectScreen('ny_taxi.yellow_cab_data');
  await second.expectScreen('▸ shop');
});

test('another instance has a place of its own', async () => {
  const first = workbench(source(), { memory: uiFile('/home/me/course'), start: { pipeline: 'api_to_postgres' } });
  await first.expectScreen('check_counts');
  await first.quit();
  const other = workbench(source(), { memory: uiFile('/home/me/other'), start: {} });
  await other.expectScreen(/wand {2}taxi ▸ yellow_taxi/);
});

test('the file is private, and a damaged one is no obstacle', async () => {
  const memory = uiFile('/home/me/course');
  memory.write({ version: 1 });
  const [name] = readdirSync(join(home, 'ui'));
  expect(statSync(join(home, 'ui', name!)).mode & 0o777).toBe(0o600);
  expect(statSync(join(home, 'ui')).mode & 0o777).toBe(0o700);
  writeFileSync(join(home, 'ui', name!), '{"version":1,"pipeline":{"projectPath":3},"focus":"nowhe');
  expect(memory.read()).toBeNull();
  const driver = workbench(source(), { memory, start: {} });
  await driver.expectScreen(/wand {2}taxi ▸ yellow_taxi/);
});

test('whatever JSON the file holds, the workbench can start from it', () => {
  const connection = { database: 'up' as const, label: '', message: null, workers: 0 };
  const names = ['pipeline', 'block', 'focus', 'tab', 'table', 'graphView', 'folded', 'treeFilter', 'looks'];
  const anything = fc.dictionary(fc.constantFrom(...names), fc.jsonValue());
  fc.assert(
    fc.property(anything, (value) => {
      const kept = readKept({ version: 1, ...value });
      const state = withKeptPanes(initialState({ columns: 80, rows: 24 }, 0, connection), kept);
      expect(['tree', 'graph', 'runs', 'logs', 'data', 'code']).toContain(state.focus);
      for (const [base, look] of state.data.looks) {
        expect(typeof base).toBe('string');
        expect(typeof look.where).toBe('string');
        expect(look.frozen).toBeGreaterThanOrEqual(0);
      }
      expect(typeof state.tree.filter).toBe('string');
      for (const path of state.tree.folded) expect(typeof path).toBe('string');
    }),
  );
});
