import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { blockProject, errorOf, inputOf, outputsOf, rowsOf } from './run-block.ts';

const project = blockProject();

it('stores a query over files and inputs, rows in its order', async () => {
  project.write('numbers.csv', 'n,word\n3,c\n1,a\n2,b\n');
  const loaded = await project.run(
    `import { csv, loader } from 'wand';\nexport default loader(() => csv('numbers.csv'));`,
    { blockType: 'data_loader' },
  );
  expect(outputsOf(loaded)).toMatchObject([
    {
      name: 'output_0',
      kind: 'table',
      rows: 3,
      columns: [
        { name: 'n', type: 'int64' },
        { name: 'word', type: 'text' },
      ],
    },
  ]);
  expect(loaded.result).toMatchObject({ rows: 3 });
  const query = await project.run(
    `import { sql, identifier, transformer } from 'wand';
     export default transformer(({ inputs, variables }) => sql\`select \${identifier('word')}, n + \${variables.plus as number} as more
       from \${inputs[0]} where word in \${['a', "c' or true --"]} or n = \${3n} order by n desc;\`);`,
    { inputs: [inputOf(loaded)], variables: { plus: 10 } },
  );
  expect(await rowsOf(query)).toEqual([
    ['c', 13],
    ['a', 11],
  ]);
});

it('stores rows of an array, a generator and an async generator, and batches', async () => {
  const array = await project.run(
    `import { transformer } from 'wand';\nexport default transformer(() => [{ a: 1, b: 'x' }, { b: 'y', c: true }]);`,
  );
  expect(await rowsOf(array)).toEqual([
    [1, 'x', null],
    [null, 'y', true],
  ]);
  const generator = await project.run(
    `import { transformer } from 'wand';
     export default transformer(async function* () {
       yield { n: 0 };
       yield [{ n: 1 }, { n: 2 }];
       yield { columns: ['n'], values: [[3], [4]] };
       for (let n = 5; n < 5000; n++) yield { n };
     });`,
  );
  expect((await rowsOf(generator)).map(([n]) => n)).toEqual(Array.from({ length: 5000 }, (_, n) => n));
});

it('widens a column as values come: integer, fraction, text, nothing, objects', async () => {
  const run = await project.run(
    `import { transformer } from 'wand';
     export default transformer(function* () {
       for (let n = 0; n < 3000; n++) yield { number: n, mixed: n, when: new Date(86400000 * n), list: [n], pair: { n, s: 'x' }, empty: null };
       yield { number: 0.5, mixed: 'text', when: null, list: [], pair: { n: null }, big: 9007199254740993n, late: new Uint8Array([0, 255]) };
     });`,
  );
  const columns = outputsOf(run)[0]!.columns!.map(({ name, type }) => `${name} ${type}`);
  expect(columns).toEqual([
    'number float64',
    'mixed text',
    'when timestamptz',
    'list list',
    'pair struct',
    'empty text',
    'big int64',
    'late bytes',
  ]);
  const rows = await rowsOf(run);
  expect(rows[1]).toEqual([1, '1', '1970-01-02 00:00:00+00', '[1]', '{"n":1,"s":"x"}', null, null, null]);
  expect(rows[3000]).toEqual([0.5, 'text', null, '[]', '{"n":null,"s":null}', null, '9007199254740993', '\\x00ff']);
});

it('stores JSON values, several outputs, and nothing', async () => {
  const json = await project.run(`import { json, outputs, transformer } from 'wand';
    export default transformer(async () => outputs({ a: [1, new Date(0)] }, 'text', json([{ a: 1 }]), [1, 2], [{ row: 1 }], null));`);
  const outputs = outputsOf(json);
  expect(outputs.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'output_0 json',
    'output_1 json',
    'output_2 json',
    'output_3 json',
    'output_4 table',
    'output_5 json',
  ]);
  expect(JSON.parse(readFileSync(outputs[0]!.path!, 'utf8'))).toEqual({ a: [1, '1970-01-01T00:00:00.000Z'] });
  const nothing = await project.run(`import { custom } from 'wand';\nexport default custom(() => {});`, {
    blockType: 'custom',
  });
  expect(nothing.result).toMatchObject({ status: 'completed', outputs: [], rows: null, tests: [] });
});

it('stores sums of integers as integers', async () => {
  const run = await project.run(
    "import { sql, transformer } from 'wand';\nexport default transformer(() => sql`select sum(i) as total from range(10) t(i)`);",
  );
  expect(outputsOf(run)[0]!.columns).toEqual([{ name: 'total', type: 'int64' }]);
  expect(await rowsOf(run)).toEqual([[45]]);
});

it('gives a block its inputs, variables, configuration, helpers and queries', async () => {
  const up = await project.run(
    `import { outputs, transformer } from 'wand';\nexport default transformer(() => outputs([{ a: 1 }, { a: 2 }], { setting: 7 }));`,
  );
  project.write('project/transformers/helper.ts', 'export const double = (n: number): number => n * 2;');
  const run = await project.run(
    `import { json, query, queryValue, sql, transformer } from 'wand';
     import { double } from './helper.ts';
     export default transformer(async ({ inputs: [first, second], variables, configuration, block, pipeline, runId, projectPath, log }) => {
       log.warning('careful');
       console.log('to stdout');
       console.error('to stderr');
       const rows = [];
       for await (const row of first.rows()) rows.push(row);
       return json({ rows, list: await first.toArray(), setting: await first.outputs[1]!.value(), block: first.block, count: first.rowCount,
         total: await queryValue(sql\`select sum(a) from \${first}\`), all: await query(sql\`select a * 2 as b from \${first} order by a\`),
         year: (variables.execution_date as Date).getUTCFullYear(), variables: Object.keys(variables), configuration, uuid: block.uuid, pipeline, runId,
         projectPath, cwd: process.cwd(), doubled: double(4), second: [second.block, await second.toArray()] });
     });`,
    {
      inputs: [inputOf(up, 'first'), { block: 'second', blockType: 'custom', language: 'typescript', outputs: [] }],
      variables: { execution_date: { $datetime: '2024-01-01T00:00:00+00:00' }, plain: 1 },
      configuration: { key: 'value' },
    },
  );
  expect(JSON.parse(readFileSync(outputsOf(run)[0]!.path!, 'utf8'))).toEqual({
    rows: [{ a: 1 }, { a: 2 }],
    list: [{ a: 1 }, { a: 2 }],
    setting: { setting: 7 },
    block: 'first',
    count: 2,
    total: 3,
    all: [{ b: 2 }, { b: 4 }],
    year: 2024,
    variables: ['execution_date', 'plain'],
    configuration: { key: 'value' },
    uuid: 'b',
    pipeline: 'p',
    runId: '1',
    projectPath: project.projectPath,
    cwd: project.folder,
    doubled: 8,
    second: ['second', []],
  });
  expect(run.log).toContainEqual({ level: 'warning', source: 'log', text: 'careful' });
  expect(run.log).toContainEqual({ level: 'info', source: 'stdout', text: 'to stdout' });
  expect(run.log).toContainEqual({ level: 'info', source: 'stderr', text: 'to stderr' });
});

it('removes its intermediate files', async () => {
  const run = await project.run(
    `import { csv, transformer } from 'wand';\nexport default transformer(() => csv('numbers.csv'));`,
  );
  expect(existsSync(join(run.task.outputFolder, '.work'))).toBe(false);
});

it('runs the tests of the file and fails with the block when one fails', async () => {
  const text = `import { assert, test, transformer } from 'wand';
    export default transformer(() => [{ a: 1 }]);
    test('has a row', (output) => assert(output.rowCount === 1, 'no row'));
    test('has two rows', async (output) => {
      assert((await output.toArray()).length === 2, 'not two rows');
    });
    test('throws', () => { throw new TypeError('odd'); });`;
  const run = await project.run(text);
  expect(run.result.tests).toEqual([
    { name: 'has a row', passed: true, message: null },
    { name: 'has two rows', passed: false, message: 'not two rows' },
    { name: 'throws', passed: false, message: 'odd' },
  ]);
  expect(errorOf(run)).toMatchObject({
    type: 'test-failed',
    message: expect.stringContaining('has two rows: not two rows (and 1 more)'),
    file: run.task.file,
    line: 5,
  });
  expect(run.result.outputs).toHaveLength(1);
  expect((await project.run(text, { runTests: false })).result.status).toBe('completed');
});
