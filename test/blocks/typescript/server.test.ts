import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { dropChildren, sparePid } from '../../../src/blocks/child/spare-child.ts';
import { packageRoot } from '../../../src/home/package-root.ts';
import { isAlive } from '../../../src/home/process.ts';
import { blockProject, errorOf, outputsOf } from './run-block.ts';

const project = blockProject();
afterAll(dropChildren);

const custom = (body: string) =>
  `import { custom, json } from 'wand';\nexport default custom(async () => { ${body} });`;

const blockValue = (run: Awaited<ReturnType<typeof project.run>>): unknown =>
  JSON.parse(readFileSync(outputsOf(run)[0]!.path!, 'utf8'));

const gone = async (pid: number): Promise<void> => {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
};

it('the first block runs in the child that was started ahead, and another one is', async () => {
  dropChildren();
  await project.run(custom("throw new Error('ends its process')"), { blockType: 'custom' });
  const ahead = await sparePid();
  const run = await project.run(custom('return json([process.pid])'), { blockType: 'custom' });
  expect(blockValue(run)).toEqual([ahead]);
  const next = await sparePid();
  expect(next).not.toBe(ahead);
  expect(isAlive(next!)).toBe(true);
});

it('a block with another environment does not get it', async () => {
  await project.run(custom("throw new Error('ends its process')"), { blockType: 'custom' });
  const ahead = await sparePid();
  const run = await project.run(custom('return json([process.env.OTHER ?? null, process.pid])'), {
    blockType: 'custom',
    environment: { OTHER: 'yes' },
  });
  expect(blockValue(run)).toEqual(['yes', expect.any(Number)]);
  expect((blockValue(run) as number[])[1]).not.toBe(ahead);
  await gone(ahead!);
  const plain = await project.run(custom('return json([process.env.OTHER ?? null])'), { blockType: 'custom' });
  expect(blockValue(plain)).toEqual([null]);
});

it('a child that was killed while it waited is replaced', async () => {
  await project.run(custom("throw new Error('ends its process')"), { blockType: 'custom' });
  process.kill((await sparePid())!, 'SIGKILL');
  const run = await project.run(custom("return json(['ran'])"), { blockType: 'custom' });
  // Killed and taken in the same moment: its death is reported. Known a moment earlier: another child is used.
  if (run.result.status === 'failed') expect(errorOf(run).type).toBe('child-died');
  else expect(blockValue(run)).toEqual(['ran']);
  const next = await project.run(custom("return json(['ran'])"), { blockType: 'custom' });
  expect(blockValue(next)).toEqual(['ran']);
});

it('tells processor time and peak memory, also of a block that failed', async () => {
  const busy = 'for (const until = Date.now() + 100; Date.now() < until; );';
  for (const body of [busy, busy, `${busy} throw new Error('no')`]) {
    const { result } = await project.run(custom(body), { blockType: 'custom' });
    expect(result.usage?.cpuMs).toBeGreaterThan(10);
    expect(result.usage?.peakRssBytes).toBeGreaterThan(20e6);
  }
});

it('an abort ends a block in a child that was started ahead, and its subprocesses', async () => {
  await project.run(custom(''), { blockType: 'custom' });
  const abort = new AbortController();
  setTimeout(() => abort.abort('stop'), 300);
  const run = await project.run(
    `import { spawn } from 'node:child_process';\n${custom("console.log(spawn('sleep', ['600']).pid); await new Promise(() => setInterval(() => {}, 1000));")}`,
    { blockType: 'custom', signal: abort.signal },
  );
  expect(errorOf(run)).toMatchObject({ type: 'cancelled', message: 'stop' });
  const pids = run.log.map(({ text }) => Number(text));
  expect(pids.filter((pid) => isAlive(pid))).toEqual([]);
});

it.each(['SIGKILL', 'end'])('the waiting child goes with its worker (%s)', async (how) => {
  const module = (name: string) => JSON.stringify(join(packageRoot(), 'src/blocks', name));
  const script = `
    const { preloadTypescript } = await import(${module('typescript/run-typescript-block.ts')});
    const { sparePid } = await import(${module('child/spare-child.ts')});
    preloadTypescript({ environment: process.env, workingDirectory: '/' });
    process.stdout.write(String(await sparePid()));
    ${how === 'SIGKILL' ? 'setInterval(() => {}, 1000);' : ''}`;
  const worker = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(worker, 'exit');
  const [text] = await once(worker.stdout!, 'data');
  const pid = Number(String(text));
  expect(pid).toBeGreaterThan(0);
  if (how === 'SIGKILL') worker.kill('SIGKILL');
  await ended;
  await gone(pid);
});
