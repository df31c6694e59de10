import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runChartCode } from '../../src/blocks/python/run-chart.ts';
import { chartOfOutput } from '../../src/data/chart/chart.ts';
import { chartOfFigures } from '../../src/data/chart/code-chart.ts';
import { openDuckDb, textLiteral } from '../../src/data/duckdb.ts';
import type { Chart } from '../../src/model/chart.ts';
import type { StoredOutput } from '../../src/model/output.ts';
import { readProject } from '../../src/project/read-project.ts';
import { testInterpreter } from '../support/python.ts';

/** Case 21 of the conformance pack: what Mage's own charts compute of one frame. */
const folder = join(import.meta.dirname, 'charts', '21-charts');
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')).steps[0].blocks;
const pipeline = readProject(join(folder, 'project')).pipelines[0]!;

const scratch = mkdtempSync(join(tmpdir(), 'wand-charts-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const trips = async (): Promise<StoredOutput> => {
  const path = join(scratch, 'trips.parquet');
  const value = (cell: unknown): string =>
    cell === null ? 'NULL' : typeof cell === 'string' ? textLiteral(cell) : String(cell);
  const rows = (expected.trips.output[0].head as unknown[][]).map((row) => `(${row.map(value).join(', ')})`);
  const duckdb = await openDuckDb();
  await duckdb.connection.run(
    `COPY (SELECT vendor, distance::DOUBLE AS distance, passengers::BIGINT AS passengers, "at"::TIMESTAMP AS "at"
       FROM (VALUES ${rows.join(', ')}) t(vendor, distance, passengers, "at")) TO ${textLiteral(path)} (FORMAT parquet)`,
  );
  duckdb.close();
  return { name: 'output_0', kind: 'table', path, rows: null, columns: null, bytes: null };
};

/** The figures in the form Mage keeps them in. */
const asMage = (chart: Chart): object => {
  switch (chart.kind) {
    case 'histogram':
      return {
        x: chart.bars.map(({ min, max }) => ({ max, min })),
        y: chart.bars.map(({ count }) => ({ value: count })),
      };
    case 'pie':
      return { x: Object.fromEntries(chart.slices.map(({ label, count }) => [label, count])) };
    case 'table':
      return { index: null, x: chart.columns, y: chart.rows };
    case 'time':
      return { x: chart.x, y: chart.series.map(({ values }) => values) };
    default:
      return {
        x: chart.x.map((values) => (values.length === 1 ? values[0] : values)),
        y: chart.series.map(({ values }) => values),
      };
  }
};

const configured = pipeline.charts.filter(({ configuration }) => configuration.group_by !== undefined);

test('the case has every type of configured chart', () => {
  expect(new Set(configured.map(({ configuration }) => configuration.chart_type))).toEqual(
    new Set([
      'histogram',
      'bar chart',
      'line chart',
      'pie chart',
      'table',
      'time series bar chart',
      'time series line chart',
    ]),
  );
  expect(configured).toHaveLength(14);
});

test.each(configured.map((block) => [block.uuid, block] as const))('%s as Mage computes it', async (uuid, block) => {
  const { columns: _, ...figures } = expected[uuid].output;
  const ours = asMage(await chartOfOutput(await trips(), block.configuration));
  expect(ours).toEqual(figures);
  // Of an object equality says nothing about the order, which a pie's slices have.
  if (block.configuration.chart_type === 'pie chart')
    expect(Object.keys((ours as { x: object }).x)).toEqual(Object.keys(figures.x));
});

test('what cannot be drawn says why', async () => {
  const output = await trips();
  await expect(chartOfOutput(output, { chart_type: 'custom', group_by: ['vendor'] })).rejects.toMatchObject({
    code: 'invalid-chart',
  });
  await expect(chartOfOutput(output, { chart_type: 'histogram', group_by: ['nope'] })).rejects.toMatchObject({
    code: 'unknown-column',
    fix: expect.stringContaining('vendor'),
  });
  await expect(
    chartOfOutput(output, { chart_type: 'time series bar chart', group_by: ['at'], time_interval: 'second' }),
  ).rejects.toMatchObject({ code: 'invalid-chart', message: expect.stringContaining('too many') });
  await expect(
    chartOfOutput(output, {
      chart_type: 'bar chart',
      group_by: ['vendor'],
      metrics: [{ aggregation: 'x', column: 'distance' }],
    }),
  ).rejects.toMatchObject({ code: 'invalid-chart' });
});

const coded = pipeline.charts.filter(({ configuration }) => configuration.group_by === undefined);
const { interpreter, skip } = await testInterpreter();

describe.skipIf(skip !== null)(`charts of code${skip ? ` (skipped: ${skip})` : ''}`, () => {
  const figuresOf = async (file: string, configuration: Record<string, unknown>) => {
    const outputs = [await trips()];
    return runChartCode(
      {
        file,
        projectPath: join(folder, 'project'),
        workingDirectory: folder,
        inputs: [{ block: 'trips', blockType: 'data_loader', language: 'python', outputs }],
        configuration,
      },
      { PATH: process.env.PATH!, WAND_PYTHON: interpreter!.command },
    );
  };

  test('the case has code of every form', () => {
    expect(coded.map(({ uuid }) => uuid)).toEqual(['histogram_code', 'bar_code', 'table_code', 'line_decorated']);
  });

  test.each(coded.map((block) => [block.uuid, block] as const))('%s as Mage computes it', async (uuid, block) => {
    const { columns: _, ...figures } = expected[uuid].output;
    const given = await figuresOf(block.file!, block.configuration);
    const { index: __, ...ours } = asMage(chartOfFigures(given, given.configuration)) as Record<string, unknown>;
    expect({ ...ours, ...('index' in figures ? { index: given.index } : {}) }).toEqual(figures);
  });

  test('code that fails says file and line, and what it prints is no answer', async () => {
    const file = join(scratch, 'broken.py');
    writeFileSync(file, 'print(\'{"figures": 1}\')\nx = df_1\ny = 1 / 0\n');
    await expect(figuresOf(file, { chart_type: 'bar chart', x: 'x', y: 'y' })).rejects.toMatchObject({
      code: 'chart-failed',
      message: expect.stringContaining('division by zero'),
      file,
      line: 3,
    });
    writeFileSync(file, 'nothing = 1\n');
    await expect(figuresOf(file, { chart_type: 'bar chart', x: 'x' })).rejects.toMatchObject({
      code: 'chart-failed',
      message: expect.stringContaining('gives no x'),
    });
  });
});
