import { expect, test } from 'vitest';
import type { CellValue, Column, Page, PageRequest } from '../../../src/model/output.ts';
import { FakeSource } from '../../driver/fake-source.ts';
import { taxi, workbench } from '../../driver/open.ts';

/** A workbench on made-up rows, paged as the real ones are. */
const showing = async (columns: Column[], rows: CellValue[][]) => {
  const source = new FakeSource();
  source.addCompletedRun(taxi, 'yellow_taxi');
  const pages: Page[] = [];
  source.outputPage = async (_run, _block, _output, { offset, limit, columns: part, cut, where }: PageRequest) => {
    const { from, count } = part ?? { from: 0, count: columns.length };
    const shorten = (value: CellValue) =>
      typeof value === 'string' && cut !== undefined ? value.slice(0, cut) : value;
    const found = where === 'never' ? [] : rows;
    const page = {
      columns,
      rows: found.slice(offset, offset + limit).map((row) => row.slice(from, from + count).map(shorten)),
      rowCount: found.length,
      estimated: false,
      from,
    };
    pages.push(page);
    return page;
  };
  source.data.profile = async () => Promise.reject(new Error('no profile'));
  const driver = workbench(source);
  await driver.expectScreen('✓ load_trips');
  await driver.press('5');
  await driver.expectScreen('cell 1,1');
  return { driver, pages };
};

test('10,000 columns: the last one is reached at once, and only parts of rows are held', async () => {
  const columns = Array.from({ length: 10_000 }, (_, at) => ({ name: `column_${at + 1}`, type: 'int64' }));
  const rows = Array.from({ length: 300 }, (_, row) => columns.map((_, at) => row * 10_000 + at));
  const { driver, pages } = await showing(columns, rows);
  await driver.press('$');
  await driver.expectScreen('column_10000');
  await driver.expectScreen('9,999');
  await driver.press('G', 'h'.repeat(150));
  await driver.expectScreen('column_9850');
  await driver.expectScreen('2,999,849');
  expect(Math.max(...pages.map(({ rows: [first = []] }) => first.length))).toBeLessThanOrEqual(100);
  await driver.press('c', ...'column_77', 'enter', 'esc', '0');
  await driver.expectScreen('1 hidden');
  await driver.press('#', ...'300', 'enter', 'v');
  await driver.expectScreen(/column_1 +int64 +2990000/);
});

test('a cell of 1 MB takes no room until it is opened, and then wraps and scrolls', async () => {
  const big = `start ${'ab空 '.repeat(250_000)}end`;
  const { driver, pages } = await showing([{ name: 'big', type: 'text' }], [[big], ['small']]);
  await driver.expectScreen('start ab空');
  expect(Math.max(...pages.map(({ rows }) => String(rows[0]?.[0]).length))).toBeLessThanOrEqual(500);
  await driver.press('enter');
  await driver.expectScreen('1,000,009 characters');
  await driver.press('G');
  await driver.expectScreen(/空 end *│/);
  await driver.press('g');
  await driver.expectScreen('start ab空');
});

test('hostile escapes, right-to-left, combining and joined characters stay in their cells', async () => {
  const odd = [
    '\u001b]52;c;aGk=\u0007\u001b[2J\u001b[31mred',
    'שלום עולם',
    '\u202eevil\u202c',
    'e\u0301\u0301\u0301\u0301 z\u0336a\u0336',
    '👩‍👩‍👧 🇩🇪 ❤️ 1️⃣',
    '東京タワー',
    'a\tb\nc\rd\u0000e',
    '\u200b\u200d\ufeff',
  ];
  const { driver } = await showing(
    [
      { name: '\u001b[2Jname', type: 'text' },
      { name: 'end', type: 'text' },
    ],
    odd.map((text, at) => [text, `end ${at}`]),
  );
  await driver.expectScreen('end 7');
  const lines = driver.screen().split('\n');
  const ends = lines.filter((line) => /end \d/.test(line));
  expect(ends).toHaveLength(odd.length);
  // The column behind starts at the same place in every row.
  const columnOf = (y: number): number => {
    const line = driver.terminal.buffer.active.getLine(y)!;
    for (let x = 0; x < driver.terminal.cols - 3; x++)
      if ([0, 1, 2].map((step) => line.getCell(x + step)!.getChars()).join('') === 'end') return x;
    return -1;
  };
  const places = new Set(lines.flatMap((line, y) => (/end \d/.test(line) ? [columnOf(y)] : [])));
  expect(places.size).toBe(1);
  expect(driver.takeBytes()).not.toMatch(/\u001b\]52|\u202e|\u001b\[2J\u001b\[31mred/);
  await driver.press('enter');
  await driver.expectScreen('red');
  expect(driver.takeBytes()).not.toMatch(/\u001b\]52/);
});

test('a condition that leaves no row says so, and esc brings the rows back', async () => {
  const { driver } = await showing([{ name: 'n', type: 'int64' }], [[1]]);
  await driver.press('/', ...'never', 'enter');
  await driver.expectScreen('No row is so.');
  await driver.press('j', 's', 'esc');
  await driver.expectScreen('cell 1,1');
});
