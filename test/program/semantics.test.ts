import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { snapshotShape } from '../../src/cli/shapes/run.ts';
import { type Surroundings, surroundings } from '../support/program.ts';
import { testInterpreter } from '../support/python.ts';
import { until } from '../support/until.ts';
import { linuxTest } from '../support/where.ts';
import { blockChildren } from './processes.ts';

const python = await testInterpreter();

const pipeline = (blocks: string, rest = '') => `type: python\nblocks:\n${blocks}${rest}`;
const block = (uuid: string, type: string, upstream: string[] = [], rest = '') =>
  `- {uuid: ${uuid}, type: ${type}, language: python, upstream_blocks: [${upstream}]${rest}}\n`;
const code = (type: string, body: string) => `@${type}\ndef f(*args, **kwargs):\n${body.replaceAll(/^/gm, '    ')}\n`;
/** Says in a file that it has begun, and waits until another file lets it go on. */
const waits = (name: string) => `import os, time
open(os.path.join(kwargs['repo_path'], ${name} + f'-began-{os.getpid()}'), 'w').close()
while not os.path.exists(os.path.join(kwargs['repo_path'], 'go-on')):
    time.sleep(0.05)`;

describe.skipIf(!python.interpreter)(`runs of Python pipelines${python.skip ? ` (${python.skip})` : ''}`, () => {
  let place: Surroundings;
  let project: string;
  const write = (files: Record<string, string>): void => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(project, name)), { recursive: true });
      writeFileSync(join(project, name), text);
    }
  };
  beforeAll(async () => {
    place = await surroundings();
    place.environment.WAND_PYTHON = python.interpreter!.command;
    project = join(place.root, 'projects', 'semantics');
    const dynamic = pipeline(
      block('items', 'data_loader', [], ', configuration: {dynamic: true}') +
        block('each', 'transformer', ['items'], ', configuration: {reduce_output: true}') +
        block('gather', 'transformer', ['each']),
    );
    write({
      'metadata.yaml': 'project_type: standalone\n',
      'pipelines/dynamic/metadata.yaml': dynamic,
      'data_loaders/items.py': code('data_loader', `return [['a', 'b', 'c'], [{'block_uuid': it} for it in 'abc']]`),
      'transformers/each.py': code('transformer', `${waits(`'each-' + args[0]`)}\nreturn args[0].upper()`),
      'transformers/gather.py': code('transformer', `return ''.join(args[0])`),
      'pipelines/inline/metadata.yaml': pipeline(
        block('written', 'custom', [], `, content: "@custom\\ndef f(**kwargs):\\n    return 'inline'\\n"`) +
          block('told', 'custom', [], ', has_callback: true'),
        `callbacks:\n${block('slowly', 'callback', ['told'])}`,
      ),
      'custom/told.py': code('custom', `return 5`),
      'callbacks/told_callback.py': `@on_success\ndef f(**kwargs):\n    print('legacy', kwargs['parent_block_uuid'])\n`,
      'callbacks/slowly.py': `import time\n@callback('success')\ndef f(value, **kwargs):\n    time.sleep(1.5)\n    print('slowly', value)\n`,
      'pipelines/starts/metadata.yaml': pipeline(block('starts', 'custom')),
      'custom/starts.py': `from mage_ai.orchestration.triggers.api import trigger_pipeline\n@custom\ndef f(**kwargs):\n    trigger_pipeline('started')\n`,
      'pipelines/started/metadata.yaml': pipeline(block('takes_long', 'custom')),
      'custom/takes_long.py': code('custom', `import time\ntime.sleep(2)\nreturn 1`),
    });
  });
  afterAll(() => place.close());

  const wand = (...args: string[]) => place.wand([...args, '--json'], { directory: project });
  const ran = async (...args: string[]) => {
    const { code: exit, stdout, stderr } = await wand('run', ...args);
    expect({ exit, stderr: exit === 0 ? '' : stderr }).toEqual({ exit: 0, stderr: '' });
    return snapshotShape.parse(JSON.parse(stdout));
  };
  const show = async (run: string) => snapshotShape.parse(JSON.parse((await wand('show', run)).stdout));
  const began = (): string[] => readdirSync(project).filter((name) => name.includes('-began-'));
  const linesOf = async (run: string) =>
    (await wand('logs', run)).stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { text: string }).text);

  test('take code from the pipeline file, call callbacks of both forms, and are over when these are done', async () => {
    const { run, blocks } = await ran('inline');
    expect(blocks.map(({ status }) => status)).toEqual(['completed', 'completed']);
    expect(blocks.every(({ usage }) => usage !== null && usage.cpu_ms > 0 && usage.peak_memory_bytes > 1e6)).toBe(true);
    // Read at once: the run was not over before its slow callback.
    const lines = await linesOf(run.id);
    expect(lines).toContain('slowly 5');
    expect(lines).toContain('legacy told');
    const preview = JSON.parse((await wand('preview', run.id, 'written')).stdout);
    expect(JSON.stringify(preview)).toContain('inline');
  });

  test('in the foreground leave the runs they start to a background worker', async () => {
    const { run } = await ran('starts');
    const started = await until('a started run', async () => {
      const { runs } = JSON.parse((await wand('runs', 'started')).stdout) as { runs: { id: string; status: string }[] };
      return runs[0]?.status === 'completed' ? runs[0] : false;
    });
    expect(Number(started.id)).toBeGreaterThan(Number(run.id));
  });

  test('with dynamic blocks lose and double nothing when their worker is killed', async () => {
    const { run } = await ran('dynamic', '--detach');
    await until('children at work', () => began().length >= 2);
    const { workers } = JSON.parse((await wand('workers')).stdout) as { workers: { pid: number }[] };
    process.kill(workers[0]!.pid, 'SIGKILL');
    const before = began().length;
    await until('children begun again', () => began().length > before);
    writeFileSync(join(project, 'go-on'), '');
    const { run: ended, blocks } = await until('the end', async () => {
      const found = await show(run.id);
      return ['initial', 'running'].includes(found.run.status) ? false : found;
    });
    expect(ended.status).toBe('completed');
    expect(blocks.map(({ uuid, status }) => [uuid, status])).toEqual(
      ['items', 'each', 'each:a', 'each:b', 'each:c', 'gather'].map((uuid) => [uuid, 'completed']),
    );
    expect(blocks.some(({ attempt }) => attempt > 1)).toBe(true);
    const gathered = JSON.parse((await wand('preview', run.id, 'gather')).stdout);
    expect(JSON.stringify(gathered)).toContain('ABC');
    expect(existsSync(join(project, 'go-on'))).toBe(true);
  });

  linuxTest('with dynamic blocks leave no process behind when they are cancelled, and can be retried', async () => {
    for (const name of [...began(), 'go-on']) rmSync(join(project, name));
    const { run } = await ran('dynamic', '--detach');
    await until('children at work', () => began().length >= 2);
    await wand('cancel', run.id);
    const cancelled = await show(run.id);
    expect(cancelled.run.status).toBe('cancelled');
    const statuses = Object.fromEntries(cancelled.blocks.map(({ uuid, status }) => [uuid, status]));
    expect(statuses).toEqual({
      items: 'completed',
      each: 'completed',
      'each:a': 'cancelled',
      'each:b': 'cancelled',
      'each:c': 'cancelled',
      gather: 'cancelled',
    });
    const pids = began().map((name) => name.split('-').at(-1));
    await until(
      'the end of the children',
      () => !blockChildren(place.home).some(({ pid }) => pids.includes(String(pid))),
    );
    writeFileSync(join(project, 'go-on'), '');
    const retried = await wand('retry', run.id);
    expect(retried.code).toBe(0);
    const { blocks } = snapshotShape.parse(JSON.parse(retried.stdout));
    expect(blocks.every(({ status }) => status === 'completed')).toBe(true);
    expect(readFileSync(join(project, 'metadata.yaml'), 'utf8')).toBe('project_type: standalone\n');
  });
});
