// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the blocks under test are source text
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { blockProject, errorOf, inputOf, lineOf, rowsOf } from './run-block.ts';

const project = blockProject();
const loads = (call: string) => `import { csv, loader, parquet } from 'wand';\nexport default loader(() => ${call});`;
const load = (call: string) => project.run(loads(call), { blockType: 'data_loader' });

it('names file, line, column and value of a bad CSV row', async () => {
  project.write('bad.csv', 'a,b\n1,2\n3,x4\n5,6\n');
  const error = errorOf(await load(`csv('bad.csv', { types: { a: 'smallint', b: 'smallint' } })`));
  expect(error).toMatchObject({
    type: 'bad-csv-row',
    message: 'bad.csv line 3, column b: "x4" is no smallint',
    file: 'bad.csv',
    line: 3,
    fix: expect.stringContaining("types: { b: 'text' }"),
  });
});

it('names the line of a row with too few or too many fields, packed or not', async () => {
  project.write('ragged.csv', 'a,b\n1,2\n3\n5,6,7\n');
  expect(errorOf(await load(`csv('ragged.csv')`))).toMatchObject({
    type: 'bad-csv-row',
    message: 'ragged.csv line 3 has 1 fields instead of 2: 3',
    file: 'ragged.csv',
    line: 3,
  });
  project.write('long.csv.gz', gzipSync(`a,b\n${'1,2\n'.repeat(60_000)}1,2,3\n${'1,2\n'.repeat(60_000)}`));
  expect(errorOf(await load(`csv('long.csv.gz')`))).toMatchObject({ file: 'long.csv.gz', line: 60_002 });
  project.write('late.csv', `a\n${'1\n'.repeat(30_000)}x\n`);
  expect(errorOf(await load(`csv('late.csv')`))).toMatchObject({
    message: 'late.csv line 30002, column a: "x" is no bigint',
  });
});

it('says which file is missing, is a folder, is empty, is truncated or damaged', async () => {
  expect(errorOf(await load(`csv('none.csv')`))).toMatchObject({
    type: 'file-missing',
    message: expect.stringContaining(join(project.folder, 'none.csv')),
  });
  mkdirSync(join(project.folder, 'folder.csv'));
  expect(errorOf(await load(`csv('folder.csv')`))).toMatchObject({ type: 'file-is-folder' });
  project.write('empty.csv', '');
  expect(errorOf(await load(`csv('empty.csv')`))).toMatchObject({ type: 'csv-empty' });
  const packed = gzipSync(`a,b\n${Array.from({ length: 5_000 }, (_, n) => `${n},${n * n}\n`).join('')}`);
  project.write('short.csv.gz', packed.subarray(0, packed.length / 2));
  expect(errorOf(await load(`csv('short.csv.gz')`))).toMatchObject({
    type: 'broken-gzip',
    message: expect.stringContaining('truncated'),
  });
  const damaged = Buffer.from(packed);
  damaged.fill(0x55, 300, 900);
  project.write('damaged.csv.gz', damaged);
  expect(errorOf(await load(`csv('damaged.csv.gz')`))).toMatchObject({
    type: 'broken-gzip',
    message: expect.stringContaining('damaged'),
  });
  project.write('text.parquet', 'no parquet');
  expect(errorOf(await load(`parquet('text.parquet')`)).message).toMatch(/text\.parquet/);
});

it('names a column that is not there', async () => {
  project.write('two.csv', 'a,b\n1,2\n');
  expect(errorOf(await load(`csv('two.csv', { types: { c: 'text' } })`))).toMatchObject({
    type: 'csv-columns',
    fix: 'its columns are: a, b',
  });
});

it('points at the line of the query that failed', async () => {
  const text = `import { sql, transformer } from 'wand';

export default transformer(() => {
  return sql\`select nothing from range(3)\`;
});`;
  const run = await project.run(text);
  expect(errorOf(run)).toMatchObject({
    type: 'query-failed',
    message: expect.stringContaining('nothing'),
    file: run.task.file,
    line: lineOf(text, 'sql`'),
  });
});

it('points at the line that threw, with the types stripped', async () => {
  const text = `import { transformer } from 'wand';
type Row = { a: number;
  b?: string };
interface Unused { x: number }
const check = (row: Row): void => {
  if (row.a > 1) throw new RangeError('a is too big' as string);
};
export default transformer(() => {
  check({ a: 2 });
});`;
  const run = await project.run(text);
  const error = errorOf(run);
  expect(error).toMatchObject({
    type: 'RangeError',
    message: 'a is too big',
    file: run.task.file,
    line: lineOf(text, 'throw new RangeError'),
  });
  expect(error.traceback).toContain(`${run.task.file}:${lineOf(text, '  check({')}`);
  expect(error.traceback).not.toMatch(/execute-task|node:internal/);
});

it('points at a helper of the project, and at the place in the block that called a library of ours wrongly', async () => {
  const helper = project.write(
    'project/utils/helper.ts',
    'export const fail = (): never => {\n  throw new Error("from the helper");\n};\n',
  );
  const run = await project.run(
    `import { transformer } from 'wand';\nimport { fail } from '../utils/helper.ts';\nexport default transformer(() => {\n  fail();\n});`,
  );
  expect(errorOf(run)).toMatchObject({
    message: 'from the helper',
    file: run.task.file,
    line: 4,
    traceback: expect.stringContaining(helper),
  });
  const wrong = await project.run(
    `import { sql, transformer } from 'wand';\nexport default transformer(() => {\n  return sql\`select \${undefined as never}\`;\n});`,
  );
  expect(errorOf(wrong)).toMatchObject({
    type: 'TypeError',
    message: expect.stringContaining('value 1 is undefined'),
    line: 3,
  });
});

it('points at the line of a syntax error, in the block or a helper', async () => {
  const run = await project.run(
    `import { transformer } from 'wand';\n\nconst broken = {;\nexport default transformer(() => []);`,
  );
  expect(errorOf(run)).toMatchObject({ type: 'SyntaxError', file: run.task.file, line: 3 });
  const enumeration = await project.run(
    `import { transformer } from 'wand';\nenum Colour { Red }\nexport default transformer(() => []);`,
  );
  expect(errorOf(enumeration)).toMatchObject({
    type: 'SyntaxError',
    file: enumeration.task.file,
    line: 2,
    message: expect.stringContaining('enum'),
  });
});

it('says how to write a block that is none', async () => {
  expect(errorOf(await project.run('export const x = 1;'))).toMatchObject({
    type: 'not-a-block',
    message: expect.stringContaining('has no default export'),
    fix: expect.stringContaining('export default transformer('),
  });
  expect(errorOf(await project.run('export default () => [];'))).toMatchObject({ type: 'not-a-block' });
  const wrapped = await project.run(`import { loader } from 'wand';\nexport default loader(() => []);`);
  expect(errorOf(wrapped)).toMatchObject({
    type: 'wrong-wrapper',
    message: expect.stringContaining('exports loader(...), but block b is a transformer'),
  });
  expect(errorOf(await project.run('', { file: join(project.folder, 'gone.ts') }))).toMatchObject({
    type: 'block-file-missing',
  });
  expect(errorOf(await project.run(`import { no } from 'nowhere-to-be-found';`)).message).toMatch(
    /nowhere-to-be-found/,
  );
});

it('refuses outputs and inputs that cannot be', async () => {
  expect(
    errorOf(
      await project.run(`import { transformer } from 'wand';\nexport default transformer((() => () => 1) as never);`),
    ),
  ).toMatchObject({ type: 'output-type' });
  expect(
    errorOf(
      await project.run(
        `import { transformer } from 'wand';\nexport default transformer(function* () { yield 5 as never; });`,
      ),
    ),
  ).toMatchObject({ type: 'bad-row' });
  const json = await project.run(`import { transformer } from 'wand';\nexport default transformer(() => ({ a: 1 }));`);
  const query = await project.run(
    "import { sql, transformer } from 'wand';\nexport default transformer(({ inputs }) => sql`select * from ${inputs[0]}`);",
    { inputs: [inputOf(json)] },
  );
  expect(errorOf(query)).toMatchObject({ type: 'input-not-a-table' });
  const pickle = { name: 'output_0', kind: 'pickle' as const, path: '/tmp/x.pkl', rows: null, columns: null, bytes: 1 };
  const python = await project.run(
    "import { sql, transformer } from 'wand';\nexport default transformer(({ inputs }) => sql`select * from ${inputs[0]}`);",
    {
      inputs: [{ block: 'model', blockType: 'custom', language: 'python', outputs: [pickle] }],
    },
  );
  expect(errorOf(python)).toMatchObject({ type: 'pickled-input' });
});

it('fails on a rejection that nobody awaits, a thrown text, and an early exit', async () => {
  const rejected = await project.run(`import { transformer } from 'wand';
    export default transformer(async () => { Promise.reject(new Error('unseen')); await new Promise((r) => setTimeout(r, 2000)); return []; });`);
  expect(errorOf(rejected)).toMatchObject({ message: 'unseen' });
  expect(
    errorOf(
      await project.run(
        `import { transformer } from 'wand';\nexport default transformer(() => { throw 'just text'; });`,
      ),
    ),
  ).toMatchObject({ message: 'just text' });
  expect(
    errorOf(
      await project.run(`import { transformer } from 'wand';\nexport default transformer(() => { process.exit(7); });`),
    ),
  ).toMatchObject({ type: 'child-died', message: expect.stringContaining('exit code 7') });
});

it('ends a block that left timers open, and kills one that never ends', async () => {
  const open = await project.run(
    `import { transformer } from 'wand';\nexport default transformer(() => { setInterval(() => {}, 1000); return [{ a: 1 }]; });`,
  );
  expect(await rowsOf(open)).toEqual([[1]]);
  const stopping = new AbortController();
  const endless = project.run(
    `import { transformer } from 'wand';\nexport default transformer(() => { console.log('started'); for (;;) {} });`,
    { signal: stopping.signal },
  );
  setTimeout(() => stopping.abort(new Error('cancelled by the test')), 1500);
  expect((await endless).result).toMatchObject({ status: 'failed' });
});

it('reads files that are not quite as usual', async () => {
  project.write('odd.csv', '\uFEFFid;"the; name";;id\r\n1;"a ""b""";x;007\r\n2;;N/A;008\r\n');
  const run = await load(`csv('odd.csv', { delimiter: ';', nullText: ['', 'N/A'] })`);
  expect(run.result).toMatchObject({
    outputs: [
      {
        columns: [
          { name: 'id', type: 'int64' },
          { name: 'the; name', type: 'text' },
          { name: 'column_3', type: 'text' },
          { name: 'id_1', type: 'text' },
        ],
      },
    ],
  });
  expect(await rowsOf(run)).toEqual([
    [1, 'a "b"', 'x', '007'],
    [2, null, null, '008'],
  ]);
  project.write('bare.csv', '1|2024-01-31|1.5|true|2024-01-31 10:00:00\n2|2024-02-01||false|2024-02-01 10:00:00.5');
  const bare = await load(`csv('bare.csv', { delimiter: '|', columns: ['n', 'day', 'x', 'yes', 'at'] })`);
  expect(await rowsOf(bare)).toEqual([
    [1, '2024-01-31', 1.5, true, '2024-01-31 10:00:00'],
    [2, '2024-02-01', null, false, '2024-02-01 10:00:00.5'],
  ]);
  project.write('header.csv', 'a,b\n');
  expect(await rowsOf(await load(`csv('header.csv')`))).toEqual([]);
});
