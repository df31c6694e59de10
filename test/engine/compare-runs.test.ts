import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareRuns, startRun } from '../../src/engine/client/index.ts';
import { readProject } from '../../src/project/read-project.ts';
import { type TestEngine, testEngine } from '../support/engine.ts';

describe('what made a run another one', () => {
  let engine: TestEngine;
  let project: string;
  beforeAll(async () => {
    engine = await testEngine();
    project = join(mkdtempSync(join(tmpdir(), 'wand-test-')), 'shop');
  });
  afterAll(async () => {
    await engine.close();
    rmSync(dirname(project), { recursive: true, force: true });
  });

  const write = (files: Record<string, string>): void => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(project, name)), { recursive: true });
      writeFileSync(join(project, name), text);
    }
  };
  const pipeline = (...blocks: string[]): string => `name: flow\ntype: python\nblocks:\n${blocks.join('\n')}\n`;
  const submit = async (variables: Record<string, unknown>): Promise<string> => {
    const read = readProject(project);
    const flow = read.pipelines.find(({ uuid }) => uuid === 'flow')!;
    return startRun(engine.client, { project: read, pipeline: flow, trigger: 'test', variables });
  };

  const load = '- {uuid: load, type: data_loader, language: python, upstream_blocks: []';
  const shape = '- {uuid: shape, type: transformer, language: python';

  test('is found in variables, settings, edges and files, from what the runs have kept', async () => {
    write({
      'metadata.yaml': 'project_type: standalone\n',
      'io_config.yaml': 'default: {POSTGRES_PASSWORD: first}\n',
      'pipelines/flow/metadata.yaml': pipeline(`${load}, timeout: 5}`, `${shape}, upstream_blocks: [load]}`),
      'data_loaders/load.py': '@data_loader\ndef load():\n    return 1\n',
      'transformers/shape.py': '@transformer\ndef shape(x):\n    return x\n',
      'utils/words.py': 'word = 1\n',
    });
    const first = await submit({ city: 'Bern', year: 2024 });
    write({
      'io_config.yaml': 'default: {POSTGRES_PASSWORD: second}\n',
      'pipelines/flow/metadata.yaml': pipeline(
        `${load}, timeout: 9, configuration: {limit: 3}}`,
        `${shape}, upstream_blocks: []}`,
        '- {uuid: more, type: transformer, language: python, upstream_blocks: [load]}',
      ),
      'data_loaders/load.py': '@data_loader\ndef load():\n    return 2\n',
      'transformers/more.py': '@transformer\ndef more(x):\n    return x\n',
      'utils/words.py': 'word = 2\n',
    });
    const second = await submit({ city: 'Basel', year: 2024, month: null });
    const changes = await compareRuns(engine.client.store, first, second);
    expect(changes.variables).toEqual([
      { name: 'city', left: 'Bern', right: 'Basel' },
      { name: 'month', right: null },
    ]);
    expect(changes.blocks).toEqual([
      {
        block: 'load',
        change: 'changed',
        upstream: null,
        settings: [
          { name: 'timeout', left: 5, right: 9 },
          { name: 'configuration.limit', right: 3 },
        ],
      },
      { block: 'shape', change: 'changed', upstream: { left: ['load'], right: [] }, settings: [] },
      { block: 'more', change: 'added', upstream: null, settings: [] },
    ]);
    expect(changes.files).toEqual([
      {
        path: 'data_loaders/load.py',
        change: 'changed',
        blocks: ['load'],
        patch: ['@@ -1,3 +1,3 @@', ' @data_loader', ' def load():', '-    return 1', '+    return 2'],
      },
      {
        path: 'transformers/more.py',
        change: 'added',
        blocks: ['more'],
        patch: ['@@ -0,0 +1,3 @@', '+@transformer', '+def more(x):', '+    return x'],
      },
      { path: 'io_config.yaml', change: 'changed', blocks: [], patch: null },
      { path: 'pipelines/flow/metadata.yaml', change: 'changed', blocks: [], patch: null },
      { path: 'utils/words.py', change: 'changed', blocks: [], patch: ['@@ -1 +1 @@', '-word = 1', '+word = 2'] },
    ]);
    expect(JSON.stringify(changes)).not.toContain('second');
  });

  test('is nothing between a run and itself; a run that is not there is named', async () => {
    const id = await submit({});
    expect(await compareRuns(engine.client.store, id, id)).toEqual({
      ...{ left: id, right: id, executionDate: null, variables: [], blocks: [], files: [] },
    });
    await expect(compareRuns(engine.client.store, id, '999999')).rejects.toThrow('there is no run 999999');
  });
});
