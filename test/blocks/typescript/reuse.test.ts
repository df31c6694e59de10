import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { dropChildren } from '../../../src/blocks/child/spare-child.ts';
import { isAlive } from '../../../src/home/process.ts';
import { type BlockRun, blockProject, errorOf, outputsOf } from './run-block.ts';

const project = blockProject();
afterAll(dropChildren);
beforeEach(dropChildren);

const block = (body: string, head = ''): Promise<BlockRun> =>
  project.run(`import { custom, json } from 'wand';\n${head}\nexport default custom(async () => { ${body} });`, {
    blockType: 'custom',
  });

const value = async (body: string, head = ''): Promise<unknown> => {
  const run = await block(body, head);
  return JSON.parse(readFileSync(outputsOf(run)[0]!.path!, 'utf8'));
};

const pid = async (): Promise<number> => ((await value('return json([process.pid])')) as number[])[0]!;

describe('blocks that leave nothing behind', () => {
  it('share a process', async () => {
    const first = await pid();
    expect([await pid(), await pid()]).toEqual([first, first]);
  });

  it('have modules of their own, also those they import', async () => {
    project.write('project/transformers/counter.ts', 'let n = 0;\nexport const count = (): number => (n += 1);\n');
    const counted = () => value('return json([count(), process.pid])', "import { count } from './counter.ts';");
    const [one, first] = (await counted()) as number[];
    const [two, second] = (await counted()) as number[];
    expect([one, two]).toEqual([1, 1]);
    expect(second).toBe(first);
  });

  it('see a changed file, and a changed import', async () => {
    const shared = (answer: number) =>
      project.write('project/transformers/answer.ts', `export const answer: number = ${answer};\n`);
    const run = () => value('return json([answer])', "import { answer } from './answer.ts';");
    shared(41);
    expect(await run()).toEqual([41]);
    shared(42);
    expect(await run()).toEqual([42]);
  });

  it('have tests of their own', async () => {
    const first = await block('return json([1])', "import { test } from 'wand';\ntest('one', () => {});");
    const second = await block('return json([2])', "import { test } from 'wand';\ntest('two', () => {});");
    expect([first, second].map(({ result }) => result.status)).toEqual(['completed', 'completed']);
    expect(second.log.map(({ text }) => text)).toContain('1/1 tests passed.');
  });

  it.each([
    ['and leaves nothing', ''],
    ['and ends its process', 'setInterval(() => {}, 1_000);'],
    ['and fails', "throw new Error('at the end');"],
  ])('is logged whole, whatever it prints %s', async (_, ending) => {
    const run = await block(
      `for (let n = 0; n < 20_000; n += 1) console.log('line', n); console.error('x'.repeat(3_000_000)); console.log('last'); ${ending} return json([1]);`,
    );
    const printed = run.log.filter(({ source }) => source === 'stdout').map(({ text }) => text);
    expect(printed).toEqual([...Array.from({ length: 20_000 }, (_, n) => `line ${n}`), 'last']);
    expect(run.log.some(({ source, text }) => source === 'stderr' && text.length >= 3_000_000)).toBe(true);
  });

  it('get the output that is theirs, also without a line end', async () => {
    for (const name of ['one', 'two', 'three']) {
      const run = await block(
        `process.stdout.write('${name} out'); process.stderr.write('${name} err'); console.log(''); console.log('${name} last')`,
      );
      const said = run.log.map(({ source, text }) => `${source}: ${text}`);
      expect(said.toSorted()).toEqual([`stderr: ${name} err`, `stdout: ${name} last`, `stdout: ${name} out`]);
    }
  });

  it('name file and line of an error in a process that ran others before', async () => {
    await pid();
    const run = await block("\n\nthrow new Error('here')");
    expect(errorOf(run)).toMatchObject({ message: 'here', file: run.task.file, line: 5 });
    expect(errorOf(run).traceback).not.toContain('wand-block');
  });
});

describe('a process is not shared after a block', () => {
  it.each([
    ['sets a global', '(globalThis as any).left = 1', '(globalThis as any).left ?? null', null],
    ['changes a prototype', '(Array.prototype as any).left = 1', '([] as any).left ?? null', null],
    ['replaces what is built in', 'Math.max = () => 7', 'Math.max(1, 2)', 2],
    ['sets a variable', "process.env.LEFT = 'x'", 'process.env.LEFT ?? null', null],
    ['removes a variable', 'delete process.env.HOME', 'typeof process.env.HOME', 'string'],
    ['changes the folder', "process.chdir('/')", "process.cwd() === '/'", false],
    ['leaves a timer', 'setInterval(() => {}, 10)', '0', 0],
    ['leaves a timer that keeps nothing alive', "setInterval(() => console.log('late'), 5).unref()", '0', 0],
    ['leaves a listener', "process.on('SIGUSR2', () => {})", "process.listenerCount('SIGUSR2')", 0],
    ['sets the exit code', 'process.exitCode = 3', 'process.exitCode ?? null', null],
    ['patches a console', 'console.log = () => {}', "'x'", 'x'],
    ['patches an output', 'process.stdout.write = () => true', "'x'", 'x'],
  ])('that %s', async (_, body, look, expected) => {
    const first = (await value(`${body}; return json([process.pid])`)) as number[];
    const next = await value(`await new Promise((r) => setTimeout(r, 20)); return json([process.pid, ${look}])`);
    expect((next as unknown[])[1]).toEqual(expected);
    expect((next as unknown[])[0]).not.toEqual(first[0]);
  });

  it.each([
    ['patches a built-in module', 'fs.existsSync = () => true; return json([1])', "import fs from 'node:fs';"],
    ['starts a subprocess', "spawnSync('true'); return json([1])", "import { spawnSync } from 'node:child_process';"],
    ['listens', 'createServer().listen(0).unref(); return json([1])', "import { createServer } from 'node:net';"],
    ['imports a package', 'return json([kept])', "import { kept } from './node_modules/keeper/index.mjs';"],
    ['reaches a module by the process', "process.getBuiltinModule('vm'); return json([1])", ''],
  ])('that %s', async (_, body, head) => {
    project.write('project/transformers/node_modules/keeper/index.mjs', 'export const kept = 1;\n');
    const before = await pid();
    await value(body, head);
    expect(await pid()).not.toBe(before);
    expect(await value("return json([existsSync('/nowhere')])", "import { existsSync } from 'node:fs';")).toEqual([
      false,
    ]);
  });

  it('that fails, exits, or is cancelled', async () => {
    for (const body of [
      "throw new Error('no')",
      'process.exit(0)',
      'Promise.reject(new Error("late")); await new Promise(() => {})',
    ]) {
      const before = await pid();
      expect((await block(body)).result.status).toBe('failed');
      expect(await pid()).not.toBe(before);
    }
    const before = await pid();
    const abort = new AbortController();
    setTimeout(() => abort.abort('stop'), 200);
    const run = await project.run(
      `import { custom } from 'wand';\nexport default custom(async () => { for (;;) {} });`,
      { blockType: 'custom', signal: abort.signal },
    );
    expect(errorOf(run)).toMatchObject({ type: 'cancelled' });
    expect(isAlive(before)).toBe(false);
    expect(await pid()).not.toBe(before);
  });

  it('whose promises never end', async () => {
    const run = await block(`
      const spin = async () => { for (;;) await null; };
      setImmediate(() => void spin());
      return json([process.pid]);`);
    expect(run.result.status).toBe('completed');
    expect(await pid()).toBeGreaterThan(0);
  });

  it('that rejects after it was done: it stays done', async () => {
    const run = await block(
      "queueMicrotask(() => setImmediate(() => Promise.reject(new Error('late')))); return json([1])",
    );
    expect(run.result.status).toBe('completed');
  });
});

it('children that wait leave when they are told to', async () => {
  const one = await pid();
  dropChildren();
  await expect.poll(() => isAlive(one)).toBe(false);
  expect(existsSync(`/proc/${one}/fd/0`)).toBe(false);
});
