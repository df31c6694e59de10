import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openDuckDb } from '../../../src/data/duckdb.ts';
import type { LogEntry } from '../../../src/model/block-task.ts';
import type { StoredOutput } from '../../../src/model/output.ts';
import { describePython, inputsOf, makeProject, type Ran, runBlock } from './run-block.ts';

/** name -> [expression that makes a Series, column type that wand shows, dtype that arrives, values that arrive (repr)]. */
const columns: Record<string, [make: string, type: string, dtype: string, values: string[]]> = {
  int8: ["pd.Series([1, -2], dtype='int8')", 'int8', 'int8', ['1', '-2']],
  int64: ['pd.Series([1, 5_000_000_000])', 'int64', 'int64', ['1', '5000000000']],
  int64_nullable: ["pd.Series([1, None], dtype='Int64')", 'int64', 'Int64', ['1', '<NA>']],
  float64: ['pd.Series([1.5, None])', 'float64', 'float64', ['1.5', 'nan']],
  float16: ["pd.Series([1.5, 2.5], dtype='float16')", 'float16', 'float16', ['1.5', '2.5']],
  bool: ['pd.Series([True, False])', 'bool', 'bool', ['True', 'False']],
  bool_object: ["pd.Series([True, None], dtype='object')", 'bool', 'object', ['True', 'None']],
  text: ["pd.Series(['a', None])", 'text', 'object', ["'a'", 'None']],
  text_empty: ["pd.Series(['', 'b'])", 'text', 'object', ["''", "'b'"]],
  category: ["pd.Series(['x', 'y'], dtype='category')", 'text', 'category', ["'x'", "'y'"]],
  datetime: [
    "pd.to_datetime(pd.Series(['2024-01-01 10:00:00.123456', None]))",
    'timestamp',
    'datetime64[ns]',
    ["Timestamp('2024-01-01 10:00:00.123456')", 'NaT'],
  ],
  datetime_zone: [
    "pd.to_datetime(pd.Series(['2024-06-01', '2024-01-01'])).dt.tz_localize('Europe/Berlin')",
    'timestamptz',
    'datetime64[ns, Europe/Berlin]',
    [
      "Timestamp('2024-06-01 00:00:00+0200', tz='Europe/Berlin')",
      "Timestamp('2024-01-01 00:00:00+0100', tz='Europe/Berlin')",
    ],
  ],
  date: ['pd.Series([datetime.date(2024, 1, 1), None])', 'date', 'object', ['datetime.date(2024, 1, 1)', 'None']],
  time: ['pd.Series([datetime.time(1, 2, 3), None])', 'time', 'object', ['datetime.time(1, 2, 3)', 'None']],
  timedelta: [
    "pd.to_timedelta(pd.Series(['1 days', '00:00:01']))",
    'interval',
    'timedelta64[ns]',
    ["Timedelta('1 days 00:00:00')", "Timedelta('0 days 00:00:01')"],
  ],
  period: [
    "pd.Series(pd.period_range('2024-01', periods=2, freq='M'))",
    'int64',
    'period[M]',
    ["Period('2024-01', 'M')", "Period('2024-02', 'M')"],
  ],
  decimal: ["pd.Series([decimal.Decimal('1.10'), None])", 'decimal(3,2)', 'object', ["Decimal('1.10')", 'None']],
  bytes: ["pd.Series([b'a\\x00', b'd'])", 'bytes', 'object', ["b'a\\x00'", "b'd'"]],
  all_null: ["pd.Series([None, None], dtype='object')", 'null', 'object', ['None', 'None']],
  list_int: ['pd.Series([[1, 2], [3]])', 'int64[]', 'object', ['[1, 2]', '[3]']],
  list_nested: ['pd.Series([[[1], []], [[2, 3]]])', 'int64[][]', 'object', ['[[1], []]', '[[2, 3]]']],
  list_mixed: ["pd.Series([[1, 'a'], [None]])", 'json', 'object', ["[1, 'a']", '[None]']],
  tuple: ['pd.Series([(1, 2), (3, 4)])', 'int64[]', 'object', ['array([1, 2])', 'array([3, 4])']],
  dict: ["pd.Series([{'a': 1}, {'b': [1, 2]}])", 'json', 'object', ["{'a': 1}", "{'b': [1, 2]}"]],
  dict_nested: [
    "pd.Series([{'a': {'b': [1, {'c': None}]}}, {}])",
    'json',
    'object',
    ["{'a': {'b': [1, {'c': None}]}}", '{}'],
  ],
  uuid: [
    'pd.Series([uuid.UUID(int=1), None])',
    'uuid',
    'object',
    ["UUID('00000000-0000-0000-0000-000000000001')", 'None'],
  ],
  sparse: ['pd.Series(pd.arrays.SparseArray([0, 1]))', 'int64', 'int64', ['0', '1']],
  int_then_float: ["pd.Series([1, 2.5], dtype='object')", 'float64', 'float64', ['1.0', '2.5']],
  int_then_text: ["pd.Series([1, 'a'], dtype='object')", 'text', 'object', ["'1'", "'a'"]],
  bool_then_text: ["pd.Series([True, 'a'], dtype='object')", 'text', 'object', ["'True'", "'a'"]],
};

const setUp = 'import datetime, decimal, uuid\nimport numpy as np\nimport pandas as pd\nimport warnings\n';

describePython('a DataFrame between two Python blocks', () => {
  const arrived: Record<string, { dtype: string; values: string[] }> = {};
  let outputs: StoredOutput[] = [];
  let logged: LogEntry[] = [];

  beforeAll(async () => {
    const project = makeProject();
    const frames = Object.entries(columns).map(([name, [make]]) => `pd.DataFrame({'${name}': ${make}})`);
    const sent = await runBlock(`${setUp}\n@data_loader\ndef load():\n    return [${frames.join(',\n        ')}]\n`, {
      project,
    });
    if (sent.result.status === 'failed') throw new Error(sent.result.error.traceback ?? sent.result.error.message);
    outputs = sent.result.outputs;
    logged = sent.logged;
    const got = await runBlock(
      `${setUp}
np.set_printoptions(legacy='1.25')
@transformer
def receive(frames):
    return {c: {'dtype': str(f[c].dtype), 'values': [repr(v) for v in f[c]]} for f in frames for c in f.columns}
`,
      { project, task: { blockType: 'transformer', inputs: inputsOf({ sent: sent.result }) } },
    );
    if (got.result.status === 'failed') throw new Error(got.result.error.traceback ?? got.result.error.message);
    Object.assign(arrived, JSON.parse(readFileSync(got.result.outputs[0]?.path ?? '', 'utf8')));
  });

  test.each(Object.entries(columns))('keeps a column of %s', (name, [, type, dtype, values]) => {
    expect(arrived[name]).toEqual({ dtype, values });
    const output = outputs[Object.keys(columns).indexOf(name)];
    expect(output).toMatchObject({ kind: 'table', rows: values.length, columns: [{ name, type }] });
  });

  test('warns once for each rule in which wand keeps what Mage would change', () => {
    const rules = logged.filter(({ level }) => level === 'warning').map(({ text }) => /\[([\w-]+)\]$/.exec(text)?.[1]);
    expect(rules.toSorted()).toEqual(['mixed-numbers', 'mixed-values', 'nested-values']);
  });
});

type Passed = {
  make: string;
  show?: string;
  kind: StoredOutput['kind'];
  arrives: unknown;
  columns?: StoredOutput['columns'];
};

/** What a value of the first block is when it arrives in the second, as `show` tells it there. */
const passed: Record<string, Passed> = {
  'a frame with an index': {
    make: "pd.DataFrame({'v': [1, 2, 3]}, index=pd.Index(['x', 'y', 'z'], name='key'))[lambda f: f.v > 1]",
    show: '[list(value.index), value.index.name, list(value.columns)]',
    kind: 'table',
    columns: [{ name: 'v', type: 'int64' }],
    arrives: [['y', 'z'], 'key', ['v']],
  },
  'a Series': {
    make: "pd.Series([1, 2], name='s')",
    show: '[type(value).__name__, value.name, list(value)]',
    kind: 'table',
    arrives: ['Series', 's', [1, 2]],
  },
  'an empty frame': {
    make: "pd.DataFrame({'a': pd.Series([], dtype='int64')})",
    show: '[len(value), str(value.a.dtype)]',
    kind: 'table',
    arrives: [0, 'int64'],
  },
  'a frame with numbers as column names': {
    make: 'pd.DataFrame([[1, 2]])',
    show: 'list(value.columns)',
    kind: 'table',
    arrives: ['0', '1'],
  },
  'a frame that Parquet cannot hold': {
    make: "pd.DataFrame({'c': [1 + 2j]})",
    show: 'str(value.c[0])',
    kind: 'pickle',
    arrives: '(1+2j)',
  },
  'an array': { make: 'np.arange(3)', show: 'value.tolist()', kind: 'pickle', arrives: [0, 1, 2] },
  'a dict': { make: "{'a': (1, None), 3: float('nan')}", kind: 'json', arrives: "{'a': [1, None], '3': None}" },
  'a set': { make: '{1}', kind: 'json', arrives: '[1]' },
  bytes: { make: "b'abc'", kind: 'json', arrives: "'abc'" },
  'a NumPy number in a dict': { make: "{'n': np.int64(3)}", kind: 'json', arrives: "{'n': 3}" },
  'a date in a dict': {
    make: "{'when': datetime.date(2024, 1, 2)}",
    kind: 'pickle',
    arrives: "{'when': datetime.date(2024, 1, 2)}",
  },
  'a Decimal': { make: "decimal.Decimal('1.10')", kind: 'pickle', arrives: "Decimal('1.10')" },
  'a Timestamp': { make: "pd.Timestamp('2024-01-02')", kind: 'pickle', arrives: "Timestamp('2024-01-02 00:00:00')" },
  'a frame in a dict': {
    make: "{'frame': pd.DataFrame({'a': [1]})}",
    kind: 'pickle',
    arrives: "{'frame':    a\n0  1}",
  },
};

describePython('other values between two Python blocks', () => {
  let sent: Ran;
  let arrived: unknown[] = [];

  beforeAll(async () => {
    const project = makeProject();
    const all = Object.values(passed);
    sent = await runBlock(
      `${setUp}\n@data_loader\ndef load():\n    return [${all.map(({ make }) => make).join(',\n        ')}]\n`,
      { project },
    );
    const shows = all.map(({ show = 'repr(value)' }) => `lambda value: ${show}`);
    const got = await runBlock(
      `${setUp}\n@transformer\ndef show(values):\n    shows = [${shows.join(',\n        ')}]\n    return {'shown': [show(value) for show, value in zip(shows, values)]}\n`,
      { project, task: { blockType: 'transformer', inputs: inputsOf({ sent: sent.result }) } },
    );
    if (got.result.status === 'failed') throw new Error(got.result.error.traceback ?? got.result.error.message);
    arrived = JSON.parse(readFileSync(got.result.outputs[0]?.path ?? '', 'utf8')).shown;
  });

  test.each(Object.entries(passed))('%s', (name, { kind, arrives, columns: expected }) => {
    const place = Object.keys(passed).indexOf(name);
    expect(arrived[place]).toEqual(arrives);
    expect(sent.result.outputs[place]).toMatchObject({
      name: `output_${place}`,
      kind,
      ...(expected && { columns: expected }),
    });
  });

  test('what only Python can read, and what Mage would not have stored, is said', () => {
    const rules = sent.logged
      .filter(({ level }) => level === 'warning')
      .map(({ text }) => /\[([\w-]+)\]$/.exec(text)?.[1]);
    expect(rules).toEqual(['pickled-table', 'array']);
  });

  test('two columns of one name are an error that names it', async () => {
    const { result } = await runBlock(
      `${setUp}\n@data_loader\ndef f():\n    return pd.DataFrame([[1, 2]], columns=['a', 'a'])\n`,
    );
    expect(result).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('"a"') } });
  });
});

describePython('a table of an SQL or TypeScript block', () => {
  test('arrives with the dtypes that pandas.read_sql gives', async () => {
    const project = makeProject();
    const path = join(project, 'table.parquet');
    const duckDb = await openDuckDb();
    await duckDb.connection.run(
      `COPY (SELECT 1::SMALLINT AS s, 5000000000 AS b, NULL::BIGINT AS missing, 1.50::DECIMAL(10, 2) AS exact, 2.5::DOUBLE AS d, true AS flag, 'x' AS word,
           DATE '2024-01-02' AS day, TIMESTAMP '2024-01-02 03:04:05.678901' AS at, TIMESTAMPTZ '2024-01-02 03:04:05+00' AS zoned, [1, 2] AS list)
         TO '${path}' (FORMAT parquet)`,
    );
    duckDb.close();
    const outputs = [{ name: 'output_0', kind: 'table' as const, path, rows: 1, columns: null, bytes: null }];
    const { result } = await runBlock(
      '@transformer\ndef f(frame):\n    return {c: [str(frame[c].dtype), str(frame[c][0])] for c in frame.columns}\n',
      {
        project,
        task: {
          blockType: 'transformer',
          inputs: [{ block: 'sql', blockType: 'data_loader', language: 'sql', outputs }],
        },
      },
    );
    expect(JSON.parse(readFileSync(result.outputs[0]?.path ?? '', 'utf8'))).toEqual({
      s: ['int64', '1'],
      b: ['int64', '5000000000'],
      missing: ['object', 'None'],
      exact: ['float64', '1.5'],
      d: ['float64', '2.5'],
      flag: ['bool', 'True'],
      word: ['object', 'x'],
      day: ['object', '2024-01-02'],
      at: ['datetime64[ns]', '2024-01-02 03:04:05.678901'],
      zoned: ['datetime64[ns, UTC]', '2024-01-02 03:04:05+00:00'],
      list: ['object', '[1, 2]'],
    });
  });
});
