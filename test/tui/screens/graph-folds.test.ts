import { expect, test } from 'vitest';
import type { Block } from '../../../src/model/project.ts';
import { pipelineOf, projectOf, type Shape } from '../../driver/fake-project.ts';
import { FakeSource } from '../../driver/fake-source.ts';
import { memoryOf } from '../../driver/memory.ts';
import { taxi, workbench } from '../../driver/open.ts';

const shape: Shape = {
  load_trips: [],
  load_zones: [],
  clean_trips: ['load_trips'],
  clean_zones: ['load_zones'],
  join_trips: ['clean_trips', 'clean_zones'],
  export_trips: ['join_trips'],
};

const folders: Record<string, string> = {
  load_trips: 'data_loaders',
  load_zones: 'data_loaders',
  clean_trips: 'transformers/clean',
  clean_zones: 'transformers/clean',
  join_trips: 'transformers',
  export_trips: 'data_exporters',
};

/** Blocks in several folders, of a run in which one failed. */
const source = (): FakeSource => {
  const pipeline = pipelineOf('taxi', 'yellow_taxi', shape);
  const blocks = pipeline.blocks.map(
    (block): Block => ({ ...block, file: `${taxi}/${folders[block.uuid]}/${block.uuid}.py` }),
  );
  const made = new FakeSource({ projects: [projectOf('taxi', [{ ...pipeline, blocks }])] });
  made.addCompletedRun(taxi, 'yellow_taxi');
  return made;
};

test('z a makes one box of a folder and opens it again; the focus stays on it', async () => {
  const driver = workbench(source(), { columns: 160, rows: 50 });
  await driver.expectScreen('✓ load_trips ──');
  await driver.press('2', 'g', 'z', 'a');
  await driver.expectScreen('✓ data_loaders/ (2) ──');
  await driver.expectScreen('2✓');
  await driver.expectSelected('data_loaders/ (2)');
  await driver.expectMissing('✓ load_zones ──');
  await driver.press('l');
  await driver.expectSelected('clean_trips');
  await driver.press('h');
  await driver.expectSelected('data_loaders/ (2)');
  await driver.press('z', 'a');
  await driver.expectScreen('✓ load_zones ──');
});

test('z c folds the folder, then the one round it; enter opens the box', async () => {
  const driver = workbench(source(), { columns: 160, rows: 50 });
  await driver.expectScreen('✓ load_trips ──');
  await driver.press('2', 'g', 'l', 'z', 'c');
  await driver.expectScreen('transformers/clean/ (2)');
  await driver.press('z', 'c');
  await driver.expectScreen('transformers/ (3)');
  await driver.press('z', 'c');
  await driver.expectFooter('z c: there is no folder round this one');
  await driver.press('enter');
  await driver.expectScreen('transformers/clean/ (2)');
  await driver.press('enter');
  await driver.expectScreen('✓ clean_zones');
});

test('a block alone in its folder stays a block, and is told so', async () => {
  const driver = workbench(source(), { columns: 160, rows: 50 });
  await driver.expectScreen('✓ load_trips ──');
  await driver.press('2', 'G', 'z', 'c');
  await driver.expectFooter('z c: export_trips is alone in its folder');
});

test('z M folds all, z R opens all, in rails too; the folds are found again at the next start', async () => {
  const memory = memoryOf();
  const driver = workbench(source(), { memory, columns: 160, rows: 50 });
  await driver.expectScreen('✓ load_trips ──');
  await driver.press('2', 'z', 'M');
  await driver.expectScreen('data_loaders/ (2)');
  await driver.expectScreen('transformers/clean/ (2)');
  await driver.press('v', 'v', 'v');
  await driver.expectScreen('rails');
  await driver.expectScreen('data_loaders/ (2)');
  await driver.quit();
  const next = workbench(source(), { memory, columns: 160, rows: 50 });
  await next.expectScreen('transformers/clean/ (2)');
  await next.press('2', 'z', 'R');
  await next.expectScreen('✓ clean_zones');
  await next.expectMissing('transformers/clean/ (2)');
});

test('a failure inside shows on the box, and moving to it selects the block that failed', async () => {
  const made = source();
  const [run] = made.snapshots.values();
  const failed = run!.blocks.find(({ uuid }) => uuid === 'clean_zones')!;
  failed.status = 'failed';
  const driver = workbench(made, { columns: 160, rows: 50 });
  await driver.expectScreen('load_trips');
  await driver.press('2', 'z', 'M');
  await driver.expectScreen('✗ transformers/clean/ (2)');
  await driver.expectScreen('1✗ 1✓');
  await driver.press('g', 'l');
  await driver.expectSelected('transformers/clean/ (2)');
  await driver.press('z', 'R');
  await driver.expectSelected('clean_zones');
});

test('z z puts the selected block in the middle of a picture that is wider than its pane', async () => {
  const names = Array.from({ length: 14 }, (_, index) => `step_number_${index}`);
  const chain = Object.fromEntries(names.map((name, index) => [name, index === 0 ? [] : [names[index - 1]!]]));
  const made = new FakeSource({ projects: [projectOf('taxi', [pipelineOf('taxi', 'yellow_taxi', chain)])] });
  made.addCompletedRun(taxi, 'yellow_taxi');
  const driver = workbench(made, { columns: 160, rows: 50 });
  const column = (): number =>
    Math.max(
      ...driver
        .screen()
        .split('\n')
        .map((row) => row.indexOf('✓ step_number_4 ')),
    );
  await driver.expectScreen('step_number_1');
  await driver.press('2', 'g', 'l', 'l', 'l', 'l');
  await driver.expectSelected('step_number_4');
  const before = column();
  await driver.press('z', 'z');
  await expect.poll(column).toBeLessThan(before);
  // The pane goes from column 36 to 160.
  expect(Math.abs(column() + 7 - 98)).toBeLessThan(4);
});
