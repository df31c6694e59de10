import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Course, openCourse } from './course.ts';
import { Driver, type DriverOptions } from './driver.ts';

/** Ten stories of users, from the first start on, each on the real engine at a small and at a usual size. */
describe.each([
  { columns: 80, rows: 24 },
  { columns: 120, rows: 36 },
])('at $columns x $rows', (size) => {
  let course: Course;
  const open: Driver[] = [];
  beforeAll(async () => {
    course = await openCourse();
  });
  afterEach(async () => {
    for (const driver of open.splice(0)) await driver.quit();
  });
  afterAll(() => course.close());

  /** Opens the workbench as `wand` in the course's folder does. */
  const wand = (options: DriverOptions = {}): Driver => {
    const environment = { LANG: 'C.UTF-8', WAND_HOME: course.home, ...options.environment };
    const driver = new Driver(course.source(), { ...size, ...options, environment });
    open.push(driver);
    return driver;
  };
  const on = (pipeline: string, options: DriverOptions = {}): Driver => wand({ start: { pipeline }, ...options });

  /** An editor that changes files with sed, as a person would by hand. */
  const editor = (name: string, script: string): string => {
    const path = join(course.home, name);
    writeFileSync(path, `#!/bin/sh\nfor file; do :; done\nexec sed -i ${script} "$file"\n`);
    chmodSync(path, 0o755);
    return `"${path}"`;
  };

  const runOf = (driver: Driver): string => /run (\d+) /.exec(driver.screen())![1]!;
  const completedAfter = (driver: Driver, before: string): Promise<Driver> =>
    driver.expectScreen(new RegExp(`run (?!${before} )\\d+ ✓ completed`));

  test('1. the first start: see what there is, run it, look at its rows', async () => {
    const driver = wand();
    await driver.expectScreen('rides ▸');
    await driver.press('1');
    for (const name of ['daily', 'half_written', 'nightly', 'prices']) await driver.expectScreen(name);
    await driver.press('g', '/', 'daily', 'enter', 'j', 'enter');
    await driver.expectScreen('rides ▸ daily');
    await driver.press('r');
    await driver.expectScreen(/run \d+ ✓ completed/);
    await driver.press('G', 'enter');
    await driver.expectScreen(/area +│/);
    await driver.expectScreen('7 rows');
  });

  test('2. a failed run: read why, fix the line in the editor, rerun what failed', async () => {
    const EDITOR = editor('fix', `'s/throw new RangeError(.*;/continue;/'`);
    const driver = on('prices', { environment: { EDITOR } });
    await driver.expectScreen('load_rides');
    await driver.press('r');
    await driver.expectScreen('ride 7 has no distance');
    await driver.expectScreen('transformers/price_rides.ts:4');
    await driver.expectScreen('▸  4 ');
    await driver.expectScreen(/row 7 of load_rides[\s\S]*ride 7 · area 0 · miles NULL · note ''/);
    await driver.expectScreen('not run because of it: sum_prices');
    await driver.press('2', 'enter', 'i');
    await driver.expectScreen('cell 7,1');
    await driver.press('-');
    await driver.expectScreen('ride 7 has no distance');
    await driver.expectFooter('e edit line 4');
    await driver.press('e');
    await driver.expectScreen('the file has changed since');
    await driver.expectFooter('f rerun failed');
    await driver.press('f');
    await driver.expectScreen(/run again +price_rides, sum_prices/);
    await driver.expectScreen(/reuse +load_rides of run \d+ \(300 rows\)/);
    await driver.press('enter');
    await driver.expectScreen(/run \d+ ✓ completed/);
    await driver.expectScreen(/load_rides[\s\S]*from run/);
    expect(readFileSync(join(course.root, 'rides/transformers/price_rides.ts'), 'utf8')).toContain('continue;');
  });

  test('3. which run was it: filter the history, open the run, read its failure, come back', async () => {
    const driver = on('prices');
    await driver.expectScreen(/run \d+ ✓/);
    await driver.press('3', '/', 'state:failed', 'enter');
    await driver.expectScreen('/state:failed');
    await driver.press('enter');
    await driver.expectScreen('ride 7 has no distance');
    await driver.press('-');
    await driver.press('-');
    await driver.expectScreen(/run \d+ ✓ completed/);
  });

  test('4. the same with another variable: edit it in the plan, then once more', async () => {
    const driver = on('daily');
    await driver.expectScreen(/run \d+ ✓/);
    await driver.press('A');
    await driver.expectScreen('name=value');
    await driver.press('ctrl-u', 'size=70', 'enter');
    await driver.expectScreen(/variables +size = 70/);
    const before = runOf(driver);
    await driver.press('enter');
    await driver.expectScreen('loading 70 rides');
    await completedAfter(driver, before);
    const first = runOf(driver);
    await driver.press('.');
    await completedAfter(driver, first);
  });

  test('5. by name instead of by key: the palette reruns from a block and opens a table', async () => {
    const driver = on('daily');
    await driver.expectScreen(/run \d+ ✓/);
    await driver.press(':', 'run dai from clean');
    await driver.expectSelected(/run daily from clean_rides/);
    await driver.press('enter');
    await driver.expectScreen(/run again +clean_rides, rides_per_area/);
    await driver.expectScreen(/writes +rides\.daily_rides_per_area_v1 {2}replace/);
    const before = runOf(driver);
    await driver.press('enter');
    await completedAfter(driver, before);
    await driver.press('ctrl-p', 'table area');
    await driver.expectSelected('table rides.daily_rides_per_area_v1');
    await driver.press('enter');
    await driver.expectScreen(/area +│/);
  });

  test('6. the rows between two blocks: NULL and empty differ, a cell and a row go to the clipboard', async () => {
    const driver = on('daily');
    await driver.expectScreen(/✓ load_rides/);
    await driver.press('g', '5');
    await driver.expectScreen(/7 │ +0 │ +∅ │/);
    await driver.press('G');
    await driver.expectScreen(/cell \d+,1/);
    expect(await driver.expectCopied('g', 'y', 'c')).toBe('1');
    expect(await driver.expectCopied('y', 'r')).toBe('ride\tarea\tmiles\tnote\n1\t1\t0.25\tok\n');
  });

  test('7. a run that hangs: cancel it by name, mend the block, try again in the same run', async () => {
    const driver = on('nightly');
    await driver.expectScreen('sleep_long');
    await driver.press('r');
    await driver.expectScreen(/● sleep_long/);
    await driver.press('x');
    await driver.expectScreen(/cancel run \d+ of nightly\?/);
    await driver.press('y');
    await driver.expectScreen(/run \d+ ⊘ cancelled/);
    await driver.press('x');
    await driver.expectFooter('there is nothing to cancel');
    course.write(
      'data_loaders/sleep_long.ts',
      `import { loader } from 'wand';\nexport default loader(() => [{ n: 1 }]);\n`,
    );
    await driver.press('ctrl-r');
    await driver.expectScreen(/run \d+ ✓ completed/);
  });

  test('8. leave in the middle and come back: the run went on, the place is the same', async () => {
    let kept: object = {};
    const memory = {
      read: () => kept,
      write: (value: object) => {
        kept = value;
      },
    };
    const first = on('daily', { memory });
    await first.expectScreen(/run \d+ ✓/);
    const before = runOf(first);
    await first.press('r', '4');
    await first.expectFooter('started');
    expect(await first.quit()).toBe(0);
    const second = wand({ memory });
    await second.expectScreen('rides ▸ daily');
    await completedAfter(second, before);
    await second.expectFooter('L follow');
  });

  test('9. a pipeline that does not read: shown with file and line, mended in the editor, runs', async () => {
    const EDITOR = editor('mend', `'s/name: \\[load/name: load_rides\\n  type: data_loader\\n  language: typescript/'`);
    const driver = on('half_written', { environment: { EDITOR } });
    await driver.expectScreen(/half_written\/metadata\.yaml:\d+/);
    await driver.press('r');
    await driver.expectFooter('half_written is broken');
    await driver.expectScreen('e opens the file there');
    await driver.press('e');
    await driver.expectScreen('load_rides');
    await driver.press('r');
    await driver.expectScreen(/run \d+ ✓ completed/);
  });

  test('10. every screen as a command: what the copy menu gives prints JSON', async () => {
    const driver = on('daily');
    await driver.expectScreen(/✓ rides_per_area/);
    const lines: string[] = [];
    for (const pane of ['1', '2', '3', '4', '5', '6', '7', '8']) lines.push(await driver.expectCopied(pane, 'y', 'm'));
    await driver.press('?');
    await driver.expectScreen(lines.at(-1)!);
    await driver.press('esc', 'R');
    await driver.expectScreen('the plan');
    lines.push(`${await driver.expectCopied('y')} --dry-run --json`, 'wand keys --json', 'wand tables --json');
    expect(lines.slice(0, 3).map((line) => line.split(' ')[1])).toEqual(['ls', 'show', 'runs']);
    const answers = await Promise.all(lines.map((line) => run(line)));
    for (const [index, answer] of answers.entries()) {
      expect(answer, lines[index]!).toMatchObject({ code: 0 });
      const first = lines[index]!.startsWith('wand logs') ? answer.stdout.split('\n')[0]! : answer.stdout;
      expect(JSON.parse(first), lines[index]!).toBeTypeOf('object');
    }
  });

  /** Runs a copied command line as a shell in the course's folder would. */
  const run = (line: string): Promise<{ code: number | null; stdout: string }> =>
    new Promise((resolve) => {
      const main = join(import.meta.dirname, '../../dist/main.js');
      const child = spawn('sh', ['-c', line.replace(/^wand/, `"${process.execPath}" "${main}"`)], {
        cwd: course.root,
        env: course.environment,
      });
      let stdout = '';
      child.stdout.on('data', (text) => {
        stdout += text;
      });
      child.on('close', (code) => resolve({ code, stdout }));
    });
});
