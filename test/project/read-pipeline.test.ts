import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Block, Pipeline } from '../../src/model/project.ts';
import { readProject } from '../../src/project/read-project.ts';
import { tempFolder, tempProject } from './temp-project.ts';

const read = (yaml: string, files: Record<string, string | Uint8Array> = {}): Pipeline =>
  readProject(tempProject(yaml, files)).pipelines[0]!;
const block = (pipeline: Pipeline, uuid: string): Block => pipeline.blocks.find((one) => one.uuid === uuid)!;
const messages = (pipeline: Pipeline) =>
  pipeline.problems.map(({ severity, line, message }) => `${severity} ${line}: ${message}`);
const entry = (uuid: string, upstream: string[], downstream: string[], type = 'data_loader') =>
  `- {uuid: ${uuid}, type: ${type}, upstream_blocks: [${upstream}], downstream_blocks: [${downstream}]}\n`;
const code = (...uuids: string[]) => Object.fromEntries(uuids.map((uuid) => [`data_loaders/${uuid}.py`, '']));

describe('a pipeline in order', () => {
  it('has name, type, tags, variables and blocks with files, edges and lines', () => {
    const yaml = `name: My pipeline
description: does things
tags: [a, 2]
variables: {when: 2024-01-01, count: 010, flag: yes}
run_pipeline_in_one_process: true
cache_block_output_in_memory: true
concurrency_config: {block_run_limit: 2}
blocks:
- uuid: load
  name: Load it
  type: data_loader
  language: sql
  timeout: 60
  retry_config: {retries: 2}
  configuration: {data_provider: postgres}
  downstream_blocks: [taxi/clean]
- uuid: taxi/clean
  type: transformer
  language: typescript
  upstream_blocks: [load]
  downstream_blocks: [own]
- uuid: own
  type: custom
  upstream_blocks: [taxi/clean]
  downstream_blocks: []
`;
    const files = { 'data_loaders/load.sql': '', 'transformers/taxi/clean.ts': '', 'custom/own.py': '' };
    const pipeline = read(yaml, files);
    expect(pipeline.problems).toEqual([]);
    expect(pipeline).toMatchObject({
      uuid: 'x',
      name: 'My pipeline',
      type: 'python',
      description: 'does things',
      tags: ['a', '2'],
      variables: { when: '2024-01-01', count: 8, flag: true },
      runInOneProcess: true,
      cacheOutputInMemory: true,
      concurrencyConfig: { block_run_limit: 2 },
    });
    expect(block(pipeline, 'load')).toMatchObject({
      name: 'Load it',
      language: 'sql',
      timeout: 60,
      retryConfig: { retries: 2 },
      configuration: { data_provider: 'postgres' },
      upstream: [],
      downstream: ['taxi/clean'],
      fileExists: true,
      line: 9,
    });
    expect(block(pipeline, 'taxi/clean').file).toMatch(/\/p\/transformers\/taxi\/clean\.ts$/);
    expect(block(pipeline, 'own').file).toMatch(/\/p\/custom\/own\.py$/);
    expect(block(pipeline, 'own')).toMatchObject({ language: 'python', name: 'own', line: 22 });
  });

  it('keeps charts, callbacks and conditionals apart, and scratchpads and notes out of the run', () => {
    const yaml = `blocks:
${entry('load', [], ['chart_1'])}- {uuid: pad, type: scratchpad}
- {uuid: note, type: markdown, language: markdown}
- {uuid: early_chart, type: chart, upstream_blocks: [load]}
callbacks:
- {uuid: tell, type: callback, upstream_blocks: [load]}
conditionals:
- {uuid: only_if, type: conditional, upstream_blocks: [load, gone]}
widgets:
- {uuid: chart_1, type: chart, upstream_blocks: [load], configuration: {chart_type: histogram}}
`;
    const files = {
      ...code('load'),
      'callbacks/tell.py': '',
      'conditionals/only_if.py': '',
      'charts/chart_1.py': '',
      'charts/early_chart.py': '',
    };
    const pipeline = read(yaml, files);
    expect(pipeline.blocks.map(({ uuid }) => uuid)).toEqual(['load']);
    expect(pipeline.callbacks).toMatchObject([{ uuid: 'tell', upstream: ['load'] }]);
    expect(pipeline.conditionals).toMatchObject([{ uuid: 'only_if', upstream: ['load'] }]);
    expect(pipeline.charts.map(({ uuid }) => uuid)).toEqual(['chart_1', 'early_chart']);
    expect(messages(pipeline)).toEqual(['warning 9: only_if is attached to gone, which this pipeline does not have']);
  });

  it('runs the file of the original in a replica', () => {
    const yaml = `blocks:\n${entry('load', [], [])}- {uuid: again, type: data_loader, replicated_block: load, upstream_blocks: []}\n`;
    const pipeline = read(yaml, code('load'));
    expect(block(pipeline, 'again')).toMatchObject({ replicatedBlock: 'load', fileExists: true });
    expect(block(pipeline, 'again').file).toBe(block(pipeline, 'load').file);
    expect(pipeline.problems).toEqual([]);
  });
});

describe('file_path of a configuration', () => {
  const withPath = (path: string) => `blocks:\n- {uuid: a, type: data_loader, configuration: {file_path: '${path}'}}\n`;

  it.each([
    ['data_loaders/other.py', 'data_loaders/other.py'],
    ['p/data_loaders/other.py', 'data_loaders/other.py'],
    ['models/m.sql', 'dbt/models/m.sql'],
    ['nested/deep.py', 'data_loaders/nested/deep.py'],
  ])('finds %s as Mage does', (written, found) => {
    const files = { 'data_loaders/other.py': '', 'dbt/models/m.sql': '', 'data_loaders/nested/deep.py': '' };
    const pipeline = read(withPath(written), files);
    expect(pipeline.blocks[0]!.file!.endsWith(`/p/${found}`)).toBe(true);
    expect(pipeline.problems).toEqual([]);
  });

  it('may lie outside the project, with a warning', () => {
    const path = tempProject(withPath('../shared/a.py'), {});
    mkdirSync(join(dirname(path), 'shared'));
    writeFileSync(join(dirname(path), 'shared', 'a.py'), '');
    const pipeline = readProject(path).pipelines[0]!;
    expect(pipeline.blocks[0]).toMatchObject({ file: join(dirname(path), 'shared', 'a.py'), fileExists: true });
    expect(messages(pipeline)).toEqual([expect.stringContaining('outside the project')]);
  });
});

describe('a pipeline that is broken as a whole', () => {
  it.each([
    ['', 'error', 'the file is empty'],
    ['# only a comment\n', 'error', 'the file is empty'],
    ['- a\n', 'error', 'not a map'],
    ['blocks: 3\n', 'error', 'blocks is not a list'],
    ['name: a\nblocks:\n- uuid: a\n type: b\n', 'error', 'not valid YAML'],
  ])('%j is listed with its problem', (yaml, severity, text) => {
    const pipeline = read(yaml);
    expect(pipeline).toMatchObject({ uuid: 'x', blocks: [] });
    expect(pipeline.problems).toHaveLength(1);
    expect(pipeline.problems[0]).toMatchObject({ severity, project: 'p', pipeline: 'x', file: pipeline.file });
    expect(pipeline.problems[0]!.message).toContain(text);
  });

  it('names the line of a YAML error', () => {
    expect(read('name: a\nblocks:\n- uuid: a\n type: b\n').problems[0]).toMatchObject({ line: 4 });
  });

  it('says that it is not UTF-8', () => {
    expect(
      read('', { 'pipelines/x/metadata.yaml': Uint8Array.of(0x6e, 0x3a, 0x20, 0xe9, 0x0a) }).problems[0]!.message,
    ).toBe('not UTF-8 text');
  });

  it('says that metadata.yaml is a folder, or a link in a circle', () => {
    const root = tempFolder({
      'p/metadata.yaml': '',
      'p/pipelines/folder/metadata.yaml/': '',
      'p/pipelines/loop/': '',
    });
    symlinkSync('metadata.yaml', join(root, 'p/pipelines/loop/metadata.yaml'));
    const [folder, loop] = readProject(join(root, 'p')).pipelines;
    expect(folder!.problems[0]!.message).toContain('is a folder');
    expect(loop!.problems[0]!.message).toContain('circle');
  });

  it('says that it may not be read', () => {
    const path = tempProject('blocks: []\n');
    chmodSync(path, 0o755);
    chmodSync(dirname(path), 0o755);
    chmodSync(join(path, 'pipelines/x/metadata.yaml'), 0o000);
    const isRoot = process.getuid!() === 0;
    // Root may read everything, so it steps down for a moment.
    if (isRoot) process.seteuid!(65_534);
    try {
      expect(readProject(path).pipelines[0]!.problems[0]!.message).toBe('no right to read the file');
    } finally {
      if (isRoot) process.seteuid!(0);
    }
  });
});

describe('entries and edges that are wrong', () => {
  it('flags the one block of an unknown type, language or without uuid, and keeps the others', () => {
    const yaml = `blocks:
${entry('load', [], [])}- {uuid: odd, type: teleporter}
- {uuid: strange, type: data_loader, language: cobol}
- {type: data_loader}
- just text
`;
    const pipeline = read(yaml, code('load'));
    expect(pipeline.blocks.map(({ uuid }) => uuid)).toEqual(['load', 'odd', 'strange']);
    expect(messages(pipeline)).toEqual([
      'error 3: unknown block type teleporter',
      'error 4: unknown language cobol',
      'error 5: an entry without a uuid in blocks',
      'error 6: an entry that is not a map in blocks',
    ]);
  });

  it('refuses a uuid that stands twice, also across lists', () => {
    const yaml = `blocks:\n${entry('a', [], [])}${entry('a', [], [])}callbacks:\n- {uuid: a, type: callback}\n`;
    const pipeline = read(yaml, code('a'));
    expect(messages(pipeline)).toEqual([
      'error 3: the block a stands twice, in lines 2 and 3',
      'error 5: the block a stands twice, in lines 2 and 5',
    ]);
    expect(pipeline.blocks).toHaveLength(1);
  });

  it('drops unknown uuids from both sides', () => {
    const pipeline = read(`blocks:\n${entry('a', ['ghost'], ['phantom'])}`, code('a'));
    expect(block(pipeline, 'a')).toMatchObject({ upstream: [], downstream: [] });
    expect(messages(pipeline)).toEqual([
      expect.stringContaining('names ghost'),
      expect.stringContaining('names phantom'),
    ]);
  });

  it('takes edges from the other side where a key is missing, and prefers upstream_blocks where both speak', () => {
    const yaml = `blocks:
- {uuid: a, type: data_loader, downstream_blocks: [b, c]}
- {uuid: b, type: data_loader}
- {uuid: c, type: data_loader, upstream_blocks: []}
- {uuid: d, type: data_loader, upstream_blocks: [c]}
`;
    const pipeline = read(yaml, code('a', 'b', 'c', 'd'));
    expect(pipeline.blocks.map(({ uuid, upstream, downstream }) => ({ uuid, upstream, downstream }))).toEqual([
      { uuid: 'a', upstream: [], downstream: ['b'] },
      { uuid: 'b', upstream: ['a'], downstream: [] },
      { uuid: 'c', upstream: [], downstream: ['d'] },
      { uuid: 'd', upstream: ['c'], downstream: [] },
    ]);
    expect(messages(pipeline)).toEqual([
      'warning 3: upstream_blocks is missing; taken from downstream_blocks of a',
      'warning 2: a lists c in downstream_blocks, but c does not list it in upstream_blocks; the edge is ignored',
      'warning 4: downstream_blocks of c lacks d; the edge is taken from upstream_blocks',
    ]);
  });

  it('loads what makes Mage stop: null edges and null extensions', () => {
    const yaml =
      'extensions: null\nblocks:\n- {uuid: a, type: data_loader, upstream_blocks: null, downstream_blocks: null}\n';
    const pipeline = read(yaml, code('a'));
    expect(pipeline.blocks).toHaveLength(1);
    expect(pipeline.problems.map(({ severity }) => severity)).toEqual(['warning', 'warning', 'warning']);
    expect(messages(pipeline)[0]).toContain('extensions is null');
  });

  it('keeps upstream order, which numbers the arguments', () => {
    const yaml = `blocks:\n${entry('a', [], ['c'])}${entry('b', [], ['c'])}${entry('c', ['b', 'a', 'b'], [])}`;
    expect(block(read(yaml, code('a', 'b', 'c')), 'c').upstream).toEqual(['b', 'a']);
  });

  it('reports a circle with its path', () => {
    const yaml = `blocks:\n${entry('a', ['c'], ['b'])}${entry('b', ['a'], ['c'])}${entry('c', ['b'], ['a'])}`;
    const pipeline = read(yaml, code('a', 'b', 'c'));
    expect(pipeline.problems).toHaveLength(1);
    expect(pipeline.problems[0]).toMatchObject({
      severity: 'error',
      message: 'the blocks run in a circle: a --> b --> c --> a',
    });
  });

  it('names the path of a missing file', () => {
    const pipeline = read(`name: a\nblocks:\n${entry('gone', [], [])}`);
    expect(pipeline.problems[0]).toMatchObject({ severity: 'error', block: 'gone', line: 3 });
    expect(pipeline.problems[0]!.message).toContain(join('p', 'data_loaders', 'gone.py'));
    expect(pipeline.blocks[0]!.fileExists).toBe(false);
  });

  it.each(['../../etc/passwd', '/etc/passwd', 'a/../../b', './a', 'a//b', 'a\\\\b', 'a\\0b', 'a\\eb'])(
    'lets the uuid %j name no file',
    (uuid) => {
      const pipeline = read(`blocks:\n- {uuid: "${uuid}", type: data_loader}\n`);
      expect(pipeline.blocks[0]!.file).toBe(null);
      expect(pipeline.problems[0]).toMatchObject({ severity: 'error' });
    },
  );

  it('does not let a type from the file become a path', () => {
    const pipeline = read('blocks:\n- {uuid: passwd, type: ../../../etc/}\n');
    expect(pipeline.blocks[0]!.file).toBe(null);
  });

  it('warns about combinations that run nowhere, other executors and inline code', () => {
    const yaml = `blocks:
- {uuid: a, type: data_loader, language: markdown}
- {uuid: b, type: data_loader, executor_type: k8s}
- {uuid: c, type: data_loader, content: 'print(1)'}
`;
    const pipeline = read(yaml, { 'data_loaders/a.md': '', ...code('b') });
    expect(pipeline.problems.map(({ severity }) => severity)).toEqual(['warning', 'warning']);
    expect(block(pipeline, 'c').content).toBe('print(1)');
  });

  it('says which settings have no effect', () => {
    const yaml = 'retry_config: {retries: 2}\ncache_block_output_in_memory: true\nvariables: [a]\nblocks: []\n';
    expect(messages(read(yaml))).toEqual([
      'warning 3: variables is not a map and is ignored',
      'warning 1: retry_config of a batch pipeline has no effect, in Mage neither',
      'warning 2: cache_block_output_in_memory needs run_pipeline_in_one_process',
    ]);
  });

  it('shows pipelines of other types but says that they do not run', () => {
    const pipeline = read('type: streaming\nretry_config: {retries: 2}\nblocks: []\n');
    expect(pipeline.type).toBe('streaming');
    expect(messages(pipeline)).toEqual([
      'warning 1: wand does not run pipelines of type streaming; it only shows them',
    ]);
  });

  it('gives blocks numbers that JSON cannot hold as text, with a warning', () => {
    const pipeline = read('variables: {id: 9007199254740993, deep: {x: [.inf]}}\nblocks: []\n');
    expect(pipeline.variables).toEqual({ id: '9007199254740993', deep: { x: ['Infinity'] } });
    expect(messages(pipeline)).toHaveLength(2);
  });

  it('passes on the warning about a key that stands twice', () => {
    expect(read('name: a\nname: b\nblocks: []\n').problems[0]).toMatchObject({
      severity: 'warning',
      project: 'p',
      pipeline: 'x',
      line: 2,
    });
  });
});
