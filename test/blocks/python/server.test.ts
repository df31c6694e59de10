import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { serverPids, stopBlockServers } from '../../../src/blocks/python/block-servers.ts';
import { preloadPython } from '../../../src/blocks/python/run-python-block.ts';
import { packageRoot } from '../../../src/home/package-root.ts';
import { isAlive } from '../../../src/home/process.ts';
import type { BlockResult } from '../../../src/model/block-task.ts';
import { shortHome } from '../../support/home.ts';
import { linuxTest } from '../../support/where.ts';
import { blockContext } from '../child/context.ts';
import { describePython, makeProject, runBlock, testPython } from './run-block.ts';

afterAll(stopBlockServers);

const loader = (body: string, before = '') => `${before}
@data_loader
def load(*args, **kwargs):
${body.replace(/^/gm, '    ')}
`;

/** What the block returned; a list comes as several outputs. */
const returned = (result: BlockResult): unknown => {
  if (result.status !== 'completed') throw new Error(`failed: ${result.error.message}\n${result.error.traceback}`);
  const values = result.outputs.map(({ path }) => JSON.parse(readFileSync(path ?? '', 'utf8')) as unknown);
  return values.length === 1 ? values[0] : values;
};

const blockValue = async (...given: Parameters<typeof runBlock>): Promise<unknown> =>
  returned((await runBlock(...given)).result);

const gone = async (pids: number[]): Promise<void> => {
  while (pids.some((pid) => isAlive(pid))) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** Until pandas is imported and a child that has it waits. */
const warm = async (): Promise<void> => {
  while (!(await blockValue(loader("return 'pandas' in sys.modules", 'import sys'))));
};

describePython('a Python block from the server', () => {
  test('is a child of the one server, leads a session and group of its own, and has pandas already', async () => {
    await warm();
    const facts = loader('return [os.getppid(), os.getpid() == os.getpgrp() == os.getsid(0)]', 'import os');
    const first = await blockValue(facts);
    expect(await blockValue(facts)).toEqual(first);
    expect(first).toEqual([serverPids()[0], true]);
  });

  linuxTest('its server has no thread of Arrow that a fork would lose', async () => {
    await warm();
    const names = readdirSync(`/proc/${serverPids()[0]}/task`).map((task) =>
      readFileSync(`/proc/${serverPids()[0]}/task/${task}/comm`, 'utf8').trim(),
    );
    expect(names.filter((name) => !name.startsWith('jemalloc'))).toHaveLength(1);
  });

  test('leaves nothing of environment, folder, path, signals, modules and streams to the next', async () => {
    const before = 'import json, os, random, signal, sys';
    const state = `return [os.environ.get('LEFT'), os.getcwd(), 'left' in sys.path,
        signal.getsignal(signal.SIGTERM) == signal.SIG_DFL, hasattr(json, 'left'), 'left_module' in sys.modules, type(sys.stdout).__name__]`;
    const project = makeProject();
    const clean = await blockValue(loader(state, before), { project });
    const { result } = await runBlock(
      loader(
        `os.environ['LEFT'] = 'x'; os.chdir('/'); sys.path.append('left'); signal.signal(signal.SIGTERM, signal.SIG_IGN)
json.left = 1; sys.modules['left_module'] = json; sys.stdout = None; os.close(1); os.close(2)`,
        before,
      ),
      { project },
    );
    expect(result.status).toBe('completed');
    expect(await blockValue(loader(state, before), { project })).toEqual(clean);
    expect(clean).toEqual([null, dirname(project), false, true, false, false, 'LineStream']);
  });

  test('has the environment of its own project, and no name of another', async () => {
    const names = loader(
      "return [os.environ.get('ONE'), os.environ.get('TWO'), subprocess.check_output('echo $ONE $TWO', shell=True, text=True)]",
      'import os, subprocess',
    );
    const [one, two] = await Promise.all([
      blockValue(names, { context: { environment: { ...shell(), ONE: '1' } } }),
      blockValue(names, { context: { environment: { ...shell(), TWO: '2' } } }),
    ]);
    expect([one, two]).toEqual([
      ['1', null, '1\n'],
      [null, '2', '2\n'],
    ]);
  });

  test('has a server of its own if a variable matters before imports', async () => {
    const folder = dirname(makeProject({ '../early.py': 'VALUE = 7' }));
    const environment = { ...shell(), PYTHONPATH: folder };
    expect(await blockValue(loader('return early.VALUE', 'import early'), { context: { environment } })).toBe(7);
    const { result } = await runBlock(loader('return early.VALUE', 'import early'));
    expect(result).toMatchObject({ status: 'failed', error: { type: 'ModuleNotFoundError' } });
  });

  test('gets random numbers of its own', async () => {
    await warm();
    const draw = loader('return [random.random(), float(numpy.random.rand())]', 'import random, numpy');
    const drawn = (await Promise.all([blockValue(draw), blockValue(draw), blockValue(draw)])) as [number, number][];
    expect(new Set(drawn.flat()).size).toBe(6);
  });

  test('runs what it registered for its end, and waits for its threads', async () => {
    const { lines, result } = await runBlock(
      loader(
        `atexit.register(lambda: print('at exit'))
threading.Thread(target=lambda: (time.sleep(0.1), print('thread'))).start()`,
        'import atexit, threading, time',
      ),
    );
    expect(result.status).toBe('completed');
    expect(lines).toEqual(['thread', 'at exit']);
  });

  test('leaves no subprocess behind', async () => {
    const { lines } = await runBlock(
      loader("print(subprocess.Popen(['sh', '-c', 'trap : TERM; sleep 600 & wait; wait']).pid)", 'import subprocess'),
    );
    expect(isAlive(Number(lines[0]))).toBe(false);
  });

  test('fifty at once all give their own result', async () => {
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, n) => blockValue(loader(`print(${n})\nreturn ${n}`))),
    );
    expect(results).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  test('several at once have a child each, also when the server starts with them', async () => {
    stopBlockServers();
    const results = await Promise.all(Array.from({ length: 5 }, (_, n) => blockValue(loader(`return ${n}`))));
    expect(results).toEqual([0, 1, 2, 3, 4]);
  });

  test('tells processor time and peak memory, also of one that was killed', async () => {
    const busy = loader(
      `data = bytearray(64 << 20)
end = time.process_time() + 0.2
while time.process_time() < end: pass
import os
if kwargs.get('die'): os.kill(os.getpid(), 9)`,
      'import time',
    );
    for (const variables of [{}, { die: true }]) {
      const { result } = await runBlock(busy, { task: { variables } });
      expect(result.status).toBe(variables.die ? 'failed' : 'completed');
      expect(result.usage?.cpuMs).toBeGreaterThan(200);
      expect(result.usage?.peakRssBytes).toBeGreaterThan(64 << 20);
    }
  });

  test('a missing working directory fails it with words that name it', async () => {
    await warm();
    const { result } = await runBlock(loader('pass'), { task: { workingDirectory: '/no/such/folder' } });
    expect(result).toMatchObject({
      status: 'failed',
      error: { type: 'spawn-failed', message: expect.stringContaining('/no/such/folder') },
    });
  });
});

describePython('aborting a Python block from the server', () => {
  test('while it waits for a child: it never runs, and the next one does', async () => {
    stopBlockServers();
    const abort = new AbortController();
    const ran = runBlock(loader("print('ran')"), { context: { signal: abort.signal } });
    setTimeout(() => abort.abort('no longer wanted'), 20);
    const { result, lines } = await ran;
    expect(result).toMatchObject({ status: 'failed', error: { type: 'cancelled', message: 'no longer wanted' } });
    expect(lines).toEqual([]);
    expect(await blockValue(loader('return 1'))).toBe(1);
  });

  test('while it runs: the whole group is gone when the result is there', async () => {
    const abort = new AbortController();
    const pids: number[] = [];
    const log = ({ text }: { text: string }) => {
      pids.push(...text.split(' ').map(Number));
      abort.abort('stop');
    };
    const { result } = await runBlock(
      loader(
        "other = subprocess.Popen(['sleep', '600'])\nprint(os.getpid(), other.pid)\ntime.sleep(600)",
        'import os, subprocess, time',
      ),
      { context: { signal: abort.signal, log } },
    );
    expect(result).toMatchObject({ status: 'failed', error: { type: 'cancelled', message: 'stop' } });
    expect(pids).toHaveLength(2);
    expect(pids.filter((pid) => isAlive(pid))).toEqual([]);
  });
});

describePython('a server that is killed', () => {
  test('takes its block along, which says so; the next block has a new server', async () => {
    const pids: number[] = [];
    let server = 0;
    const log = ({ text }: { text: string }) => {
      pids.push(...text.split(' ').map(Number));
      server = pids[0]!;
      process.kill(server, 'SIGKILL');
    };
    const { result } = await runBlock(
      loader(
        "other = subprocess.Popen(['sleep', '600'])\nprint(os.getppid(), os.getpid(), other.pid)\ntime.sleep(600)",
        'import os, subprocess, time',
      ),
      { context: { log } },
    );
    expect(result).toMatchObject({ status: 'failed', error: { type: 'child-died' } });
    await gone(pids);
    expect(await blockValue(loader('return os.getppid()', 'import os'))).not.toBe(server);
  });

  test('a server that cannot start is told in one line, and the block runs without', async () => {
    const project = makeProject({ '../broken/wand_blocks/__init__.py': '' });
    // Before ours on the path there is a wand_blocks without a server.
    const script = join(project, 'python');
    writeFileSync(
      script,
      `#!/bin/sh\ncase "$*" in *wand_blocks.server*) echo broken >&2; exit 3;; esac\nexec "${testPython()}" "$@"\n`,
      {
        mode: 0o755,
      },
    );
    const { result, logged } = await runBlock(loader('return 5'), {
      context: { environment: { ...shell(), WAND_PYTHON: script } },
    });
    expect(returned(result)).toBe(5);
    expect(logged).toEqual([
      { level: 'warning', source: 'wand', text: expect.stringMatching(/without a server: .*exit code 3: broken/) },
    ]);
    expect(result.usage?.cpuMs).toBeGreaterThan(0);
  });
});

describePython('a worker', () => {
  /** A process that runs one block and prints the block's lines. */
  const startWorker = (code: string, home: string) => {
    const project = makeProject({ 'block.py': code });
    const { task } = blockContext({
      file: join(project, 'block.py'),
      projectPath: project,
      workingDirectory: dirname(project),
      outputFolder: project,
    }).context;
    const module = join(packageRoot(), 'src/blocks/python/run-python-block.ts');
    const script = `
      const { runPythonBlock } = await import(${JSON.stringify(module)});
      const { status } = await runPythonBlock({
        task: ${JSON.stringify(task)}, environment: process.env, signal: new AbortController().signal,
        log: ({ text }) => console.log(text), onProcess: async () => {}, connection: async () => { throw new Error(); },
      });
      console.log(status);`;
    return spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, WAND_PYTHON: testPython(), WAND_HOME: home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  };

  test('that is killed takes server, block and what the block started along', async () => {
    const home = shortHome();
    const worker = startWorker(
      loader(
        "other = subprocess.Popen(['sleep', '600'])\nprint(os.getppid(), os.getpid(), other.pid)\ntime.sleep(600)",
        'import os, subprocess, time',
      ),
      home,
    );
    const [line] = await once(worker.stdout, 'data');
    const pids = String(line).trim().split(' ').map(Number);
    expect(pids).toHaveLength(3);
    worker.kill('SIGKILL');
    await gone(pids);
    expect(readdirSync(join(home, 'run'))).toEqual([]);
    rmSync(home, { recursive: true });
  });

  test('ends by itself after its block, and its server with it', async () => {
    const home = shortHome();
    const worker = startWorker(loader('print(os.getppid())', 'import os'), home);
    let text = '';
    worker.stdout.on('data', (chunk) => {
      text += chunk;
    });
    expect(await once(worker, 'close')).toEqual([0, null]);
    const [server, status] = text.trim().split('\n');
    expect(status).toBe('completed');
    await gone([Number(server)]);
    expect(readdirSync(join(home, 'run'))).toEqual([]);
    rmSync(home, { recursive: true });
  });
});

describePython('preloading', () => {
  test('starts the server before there is a block', async () => {
    stopBlockServers();
    const project = makeProject();
    await preloadPython({ projectPath: project, environment: { ...shell(), WAND_PYTHON: testPython() } });
    const [server] = serverPids();
    expect(server).toBeGreaterThan(0);
    expect(await blockValue(loader('return os.getppid()', 'import os'))).toBe(server);
  });
});

const shell = () => process.env as Record<string, string>;
