import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { packageRoot } from '../../../src/home/package-root.ts';
import { isAlive } from '../../../src/home/process.ts';
import type { BlockResult } from '../../../src/model/block-task.ts';
import { blockContext } from '../child/context.ts';
import { describePython, inputsOf, makeProject, runBlock, testPython } from './run-block.ts';

const loader = (body: string, before = '') => `${before}
@data_loader
def load(*args, **kwargs):
${body.replace(/^/gm, '    ')}
`;

/** The value of a block's only output, if it is JSON. */
const jsonOf = (result: BlockResult): unknown => {
  if (result.status !== 'completed') throw new Error(`failed: ${result.error.message}\n${result.error.traceback}`);
  expect(result.outputs).toHaveLength(1);
  return JSON.parse(readFileSync(result.outputs[0]?.path ?? '', 'utf8'));
};

const errorOf = (result: BlockResult) => {
  if (result.status !== 'failed') throw new Error('the block completed');
  return result.error;
};

describePython('the function of a Python block', () => {
  test.each([
    ['guarded', "if 'data_loader' not in globals():\n    from mage_ai.data_preparation.decorators import data_loader"],
    ['unguarded', 'from mage_ai.data_preparation.decorators import data_loader'],
    ['not imported', ''],
  ])('is found by its decorator, %s', async (_, imports) => {
    expect(jsonOf((await runBlock(loader("return 'found'", imports))).result)).toBe('found');
  });

  test('is the first decorated one', async () => {
    const { result } = await runBlock(
      "@data_loader\ndef a():\n    return 'a'\n\n@data_loader\ndef b():\n    return 'b'\n",
    );
    expect(jsonOf(result)).toBe('a');
  });

  test('is missing: the error names the decorator', async () => {
    const { result, file } = await runBlock("@transformer\ndef a():\n    return 'a'\n".replace('@', '#'));
    expect(errorOf(result)).toMatchObject({
      type: 'Exception',
      message: expect.stringContaining('@data_loader'),
      file,
    });
  });

  test('may not ask for more inputs than there are, counting parameters with defaults', async () => {
    const { result } = await runBlock('@data_loader\ndef load(first, limit=3, **kwargs):\n    return 1\n');
    expect(errorOf(result)).toMatchObject({ message: expect.stringContaining('2 inputs (first, limit)'), line: 1 });
  });

  test('gets one argument for each upstream block, in order, and df_N and the names of blocks as globals', async () => {
    const project = makeProject();
    const one = await runBlock(loader("return 'one'"), { project });
    const pair = await runBlock(loader("return 'left', 'right'"), { project });
    const none = await runBlock(loader('pass'), { project });
    const { result } = await runBlock(
      "@transformer\ndef f(a, b, c):\n    return {'args': [a, b, c], 'globals': [df_1, df_2, df_3, pair]}\n",
      {
        project,
        task: { blockType: 'transformer', inputs: inputsOf({ pair: pair.result, one: one.result, none: none.result }) },
      },
    );
    const expected = [['left', 'right'], 'one', []];
    expect(jsonOf(result)).toEqual({ args: expected, globals: [...expected, ['left', 'right']] });
  });

  test('gets variables by **kwargs: those of the run, and those of every block', async () => {
    const { result } = await runBlock(
      loader(`date = kwargs['execution_date']
return {'date': [date.isoformat(), str(date.tzinfo)], 'keys': sorted(kwargs), 'retry': kwargs['retry'], 'configuration': kwargs['configuration'],
        'block': kwargs['block_uuid'], 'env': kwargs['env'], 'logger': type(kwargs['logger']).__name__, 'nested': kwargs['nested']}`),
      {
        task: {
          blockUuid: 'mine',
          configuration: { region: 'north' },
          retry: { attempts: 2 },
          variables: {
            execution_date: { $datetime: '2024-02-03T04:05:06+00:00' },
            nested: { a: [1] },
            block_uuid: 'not this',
          },
        },
      },
    );
    expect(jsonOf(result)).toEqual({
      date: ['2024-02-03T04:05:06+00:00', 'UTC'],
      keys: [
        'block_uuid',
        'configuration',
        'context',
        'env',
        'execution_date',
        'logger',
        'nested',
        'pipeline_uuid',
        'repo_path',
        'retry',
      ],
      retry: { attempts: 2 },
      configuration: { region: 'north' },
      block: 'mine',
      env: 'dev',
      logger: 'DictLogger',
      nested: { a: [1] },
    });
  });

  test('runs in the parent of the project, can import from the project by its name, and leaves no files behind', async () => {
    const project = makeProject({
      '__init__.py': '',
      'utils/__init__.py': '',
      'utils/helpers.py': 'def shout(text): return text.upper()',
    });
    const { result } = await runBlock(
      loader(
        `import os, sys
from mage_ai.settings.repo import get_repo_path
return {'text': shout('hi'), 'cwd': os.getcwd(), 'repo': [get_repo_path(), os.environ['MAGE_RUNTIME__REPO_PATH']], 'project on path': get_repo_path() in sys.path}`,
        'from project.utils.helpers import shout',
      ),
      { project },
    );
    expect(jsonOf(result)).toEqual({
      text: 'HI',
      cwd: dirname(project),
      repo: [project, project],
      'project on path': false,
    });
    expect(
      readdirSync(project, { recursive: true })
        .map(String)
        .filter((name) => name.includes('pycache')),
    ).toEqual([]);
  });

  test('is not disturbed by files in the working directory that are called like modules', async () => {
    const project = makeProject({
      '../json.py': 'raise RuntimeError("wrong json")',
      '../wand_blocks.py': 'raise RuntimeError("wrong")',
    });
    expect(jsonOf((await runBlock(loader('return 1'), { project })).result)).toBe(1);
  });
});

describePython('the result of a Python block', () => {
  test.each([
    ['None', 'return None', 0],
    ['an empty list', 'return []', 0],
    ['a tuple', 'return 1, None', 2],
    ['a list', "return ['a', 'b', 'c']", 3],
    ['a dict', "return {'a': 1}", 1],
    ['false', 'return False', 1],
  ])("%s gives outputs by Mage's rules", async (_, body, outputs) => {
    const { result } = await runBlock(loader(body));
    expect(result).toMatchObject({
      status: 'completed',
      outputs: Array.from({ length: outputs }, (_, n) => ({ name: `output_${n}` })),
    });
  });

  test('a generator is read to its end, with a warning', async () => {
    const { result, logged } = await runBlock(loader('return (n for n in range(3))'));
    expect(jsonOf(result)).toEqual([0, 1, 2]);
    expect(logged.filter(({ level }) => level === 'warning').map(({ text }) => text)).toEqual([
      expect.stringContaining('[generator]'),
    ]);
  });

  test.each([
    ['a function', 'return len'],
    ['a coroutine', 'async def f(): pass\nreturn f()'],
    ['an object of a class in the block', 'class Point: pass\nreturn Point()'],
  ])('%s fails the block', async (_, body) => {
    const { result, file } = await runBlock(loader(body));
    expect(errorOf(result)).toMatchObject({ type: 'Exception', file, fix: expect.any(String) });
  });

  test('a missing upstream output is an error that names it', async () => {
    const lost = {
      name: 'output_0',
      kind: 'json' as const,
      path: '/no/such/file.json',
      rows: null,
      columns: null,
      bytes: null,
    };
    const inputs = [{ block: 'gone', blockType: 'data_loader', language: 'python', outputs: [lost] }];
    const { result } = await runBlock(loader('return 1'), { task: { inputs } });
    expect(errorOf(result).message).toContain('output_0 of block gone is missing');
  });
});

describePython('the log of a Python block', () => {
  test('has prints, stderr and logging in their order, and the last line without an end', async () => {
    const { logged } = await runBlock(
      loader(
        `for n in range(50):
    print('out', n)
    print('err', n, file=sys.stderr)
    logging.getLogger('mine').warning('log %s', n)
    kwargs['logger'].error(f'own {n}')
print('the', 'end', end='')`,
        'import logging, sys',
      ),
    );
    const expected = Array.from({ length: 50 }, (_, n) => [
      { level: 'info', source: 'stdout', text: `out ${n}` },
      { level: 'info', source: 'stderr', text: `err ${n}` },
      { level: 'warning', source: 'log', text: `log ${n}` },
      { level: 'error', source: 'log', text: `own ${n}` },
    ]).flat();
    expect(logged).toEqual([...expected, { level: 'info', source: 'stdout', text: 'the end' }]);
  });

  test('has what subprocesses and C code write to descriptors 1 and 2', async () => {
    const { lines } = await runBlock(
      loader(
        "os.write(1, b'raw\\n')\nsubprocess.run(['sh', '-c', 'echo sub; echo problem >&2'])",
        'import os, subprocess',
      ),
    );
    expect(lines.toSorted()).toEqual(['problem', 'raw', 'sub']);
  });

  test('is complete for 100,000 lines and for a line of 2 million characters that are not ASCII', async () => {
    const { lines } = await runBlock(loader("for n in range(100_000): print(n)\nprint('é' * 2_000_000)"));
    expect(lines).toHaveLength(100_001);
    expect(lines.slice(0, -1).every((line, index) => line === String(index))).toBe(true);
    expect(lines.at(-1)).toHaveLength(2_000_000);
  });

  test('has what forked processes print, each line once', async () => {
    const { lines } = await runBlock(
      loader(
        `print('half', end='')
context = multiprocessing.get_context('fork')
children = [context.Process(target=work, args=(n,)) for n in range(3)]
for child in children: child.start()
for child in children: child.join()
print(' whole')`,
        'import multiprocessing\n\ndef work(n):\n    print("child", n)\n    print("end", n, end="")\n',
      ),
    );
    const expected = Array.from({ length: 3 }, (_, n) => [`child ${n}`, `end ${n}`]).flat();
    expect(lines.toSorted()).toEqual([...expected, 'half whole'].toSorted());
  });

  test('tags of the logger are shown', async () => {
    const { lines } = await runBlock(loader("kwargs['logger'].info('loaded', rows=3)"));
    expect(lines).toEqual(['loaded', '  rows=3']);
  });
});

describePython('a failing Python block', () => {
  test('tells type, message, and the line in its file, with a traceback that has no frames of wand', async () => {
    const project = makeProject({
      '__init__.py': '',
      'utils/__init__.py': '',
      'utils/deep.py': 'def fail():\n    raise ValueError("too deep")\n',
    });
    const { result, file, logged } = await runBlock(
      'from project.utils.deep import fail\n\n@data_loader\ndef load():\n    fail()\n',
      { project },
    );
    const error = errorOf(result);
    expect(error).toMatchObject({ type: 'ValueError', message: 'too deep', file, line: 5 });
    expect(error.traceback).toContain('utils/deep.py", line 2');
    expect(error.traceback).not.toContain('wand_blocks');
    expect(logged.at(-1)).toEqual({ level: 'error', source: 'wand', text: 'ValueError: too deep' });
  });

  test.each([
    ['itertuples', 'for row in frame.itertuples():\n    int(row.n)'],
    ['iterrows', 'for _, row in frame.iterrows():\n    int(row["n"])'],
    ['apply', 'frame.apply(lambda row: int(row["n"]), axis=1)'],
  ])('a failure names the row it was at: %s', async (_, code) => {
    const before = 'import pandas as pd\nframe = pd.DataFrame({"n": ["1", "x", "3"], "note": ["a", None, "c"]})';
    const { result } = await runBlock(loader(`${code}\nreturn 1`, before));
    expect(errorOf(result).row).toEqual({
      input: null,
      number: 2,
      values: [
        ['n', 'x'],
        ['note', null],
      ],
    });
  });

  test('a failure that is about no row names none', async () => {
    const { result } = await runBlock(loader('frame = [1]\nreturn frame[3]', 'import pandas'));
    expect(errorOf(result).row).toBeNull();
  });

  test('a syntax error names its line', async () => {
    const { result, file } = await runBlock('@data_loader\ndef load():\n    return (\n');
    expect(errorOf(result)).toMatchObject({ type: 'SyntaxError', file, line: 3 });
  });

  test('a missing module says what to install', async () => {
    const { result, file } = await runBlock('\nimport sklearn\n');
    expect(errorOf(result)).toMatchObject({
      type: 'ModuleNotFoundError',
      file,
      line: 2,
      fix: expect.stringContaining('scikit-learn'),
    });
    expect(errorOf(result).fix).toContain('wand python setup');
  });

  test('sys.exit fails it', async () => {
    const { result, file } = await runBlock(loader('sys.exit(0)', 'import sys'));
    expect(errorOf(result)).toMatchObject({ type: 'SystemExit', message: 'The block called sys.exit(0)', file });
  });

  test('a process that dies is named with its signal', async () => {
    const { result } = await runBlock(loader('os.kill(os.getpid(), signal.SIGSEGV)', 'import os, signal'));
    expect(errorOf(result)).toMatchObject({ type: 'child-died', message: expect.stringContaining('SIGSEGV') });
  });

  test('a client that wand does not have says what to do when it is used, not when it is imported', async () => {
    const { result } = await runBlock(
      loader('return BigQuery.with_config(None)', 'from mage_ai.io.bigquery import BigQuery'),
    );
    expect(errorOf(result)).toMatchObject({
      type: 'NotImplementedError',
      fix: expect.stringContaining('google-cloud-bigquery'),
    });
  });
});

describePython('the tests of a Python block', () => {
  const block = `${loader("return 'stored', 2")}
@test
def passes(first, second, **kwargs):
    print('values', first, second, 'execution_date' in kwargs)

@test
def fails(*outputs):
    assert len(outputs) == 3, 'expected three'

@test
def still_runs(*outputs):
    assert True
`;
  test('all run, and one that fails fails the block; its outputs stay', async () => {
    const { result, lines } = await runBlock(block, {
      task: { blockUuid: 'mine', variables: { execution_date: null } },
    });
    expect(result.tests).toEqual([
      { name: 'passes', passed: true, message: null },
      { name: 'fails', passed: false, message: 'expected three' },
      { name: 'still_runs', passed: true, message: null },
    ]);
    expect(errorOf(result)).toMatchObject({
      message: 'Failed to pass tests for block mine: fails',
      line: block.slice(0, block.indexOf('assert len')).split('\n').length,
    });
    expect(lines).toEqual(['values stored 2 True', '2/3 tests passed.']);
    expect(result.outputs.map(({ path }) => existsSync(path ?? ''))).toEqual([true, true]);
  });

  test('are left out if the run wants none', async () => {
    const { result } = await runBlock(block, { task: { runTests: false } });
    expect(result).toMatchObject({ status: 'completed', tests: [] });
  });

  test('another exception than AssertionError ends the block at once', async () => {
    const { result, lines } = await runBlock(`${loader('return 1')}
@test
def breaks(output): raise KeyError('nothing')
@test
def never(output): print('ran')
`);
    expect(errorOf(result)).toMatchObject({ type: 'KeyError' });
    expect(lines).toEqual([]);
  });
});

describePython('the process of a Python block', () => {
  test('reads nothing from its standard input', async () => {
    expect(jsonOf((await runBlock(loader('return sys.stdin.read()', 'import sys'))).result)).toBe('');
  });

  test('ends with its own children when its worker is gone', async () => {
    const project = makeProject({
      'block.py': loader(
        `other = subprocess.Popen(['sleep', '600'])
print('sleeping', other.pid)
time.sleep(600)`,
        'import subprocess, time',
      ),
    });
    const { task } = blockContext({
      file: join(project, 'block.py'),
      projectPath: project,
      outputFolder: project,
    }).context;
    const child = spawn(testPython(), ['-m', 'wand_blocks'], {
      cwd: dirname(project),
      env: { ...process.env, PYTHONPATH: join(packageRoot(), 'src/blocks/python/lib') },
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit', 'pipe'],
    });
    child.stdin?.write(`${JSON.stringify(task)}\n`);
    const [chunk] = await once(child.stdio[3] as Readable, 'data');
    const sleeper = Number(/sleeping (\d+)/.exec(String(chunk))?.[1]);
    expect(isAlive(sleeper)).toBe(true);
    child.stdin?.end();
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    while (isAlive(sleeper)) await new Promise((resolve) => setTimeout(resolve, 5));
  });
});
