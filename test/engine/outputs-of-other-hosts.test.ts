import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimNext } from '../../src/engine/claim.ts';
import { startRun } from '../../src/engine/client/index.ts';
import { executeClaim } from '../../src/engine/execute-claim.ts';
import { sharedQueue } from '../../src/engine/queue.ts';
import type { Block } from '../../src/model/project.ts';
import { readProject } from '../../src/project/read-project.ts';
import { tempProject } from '../project/temp-project.ts';
import { type TestEngine, testEngine, testPipeline } from '../support/engine.ts';

const asker = { workerId: '00000000-0000-4000-8000-000000000001', host: 'here' };

let engine: TestEngine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

/** An output that another host has made and sent: here it has no such path. */
const sent = async (name: string, value: unknown) => {
  const text = JSON.stringify(value);
  const path = `/of another host/${name}-${crypto.randomUUID()}.json`;
  const sha256 = createHash('sha256').update(text).digest('hex');
  await engine.client.store.pool.query(
    `with file as (insert into wand.output_file (host, path, bytes, sha256) values ('elsewhere', $1, $2, $3) returning host, path)
     insert into wand.output_chunk (host, path, number, data) select host, path, 0, $4 from file`,
    [path, text.length, sha256, Buffer.from(text)],
  );
  return { name, kind: 'json' as const, path, rows: null, columns: null, bytes: text.length, host: 'elsewhere' };
};
const claimed = async () => {
  const claim = await claimNext(engine.client.store, engine.queue, sharedQueue, asker);
  if (claim === null || claim === 'stale') throw new Error('nothing to claim');
  return claim;
};
const ports = () => ({
  store: engine.client.store,
  queue: engine.queue,
  signal: new AbortController().signal,
  log: () => {},
  onProcess: async () => {},
});

test('a dynamic block that ran on another host has a child for each item here', async () => {
  await startRun(engine.client, { ...testPipeline({ below: [] }), trigger: 'test' });
  const claim = await claimed();
  const outputs = [await sent('output_0', ['x', 'y', 'z']), await sent('output_1', [{ block_uuid: 'first' }, {}, {}])];
  const result = await executeClaim(
    {
      ...claim,
      definition: { ...claim.definition, fan: { dynamic: ['up'], perChild: [] } },
      inputs: [{ block: 'up', blockRunId: '1', blockType: 'data_loader', language: 'python', outputs }],
    },
    ports(),
  );
  if (result.status !== 'completed') throw new Error(JSON.stringify(result));
  expect(result.children?.map(({ uuid }) => uuid)).toEqual(['below:first', 'below:1', 'below:2']);
});

test('a data product that ran on another host is handed on from this one', async () => {
  const block = (uuid: string, rest = ''): string =>
    `- {uuid: ${uuid}, name: ${uuid}, type: data_loader, language: python, upstream_blocks: [], downstream_blocks: []${rest}}\n`;
  const path = tempProject(`name: x\ntype: python\nblocks:\n${block('make')}`, {
    'global_data_products.yaml': 'greeting: {object_type: pipeline, object_uuid: x, outdated_after: {hours: 1}}\n',
    'data_loaders/make.py': 'x = 1\n',
  });
  const project = readProject(path);
  const [pipeline] = project.pipelines;
  const made = await startRun(engine.client, { project, pipeline: pipeline!, trigger: 'GLOBAL_DATA_PRODUCT_TRIGGER' });
  const { pool } = engine.client.store;
  const output = await sent('output_0', { hello: 'world' });
  await pool.query(
    `with ended as (update wand.run set status = 'completed' where id = $1)
     insert into wand.output (block_run_id, position, name, kind, host, path, bytes)
     select id, 0, 'output_0', 'json', 'elsewhere', $2, $3 from wand.block_run where run_id = $1`,
    [made, output.path, output.bytes],
  );
  const asks: Partial<Block> = {
    type: 'global_data_product',
    configuration: { global_data_product: { uuid: 'greeting' } },
  };
  const blocks = pipeline!.blocks.map((it) => ({ ...it, ...asks, uuid: 'ask', name: 'ask', file: null }));
  await startRun(engine.client, { project, pipeline: { ...pipeline!, blocks }, trigger: 'test' });
  let claim = await claimNext(engine.client.store, engine.queue, sharedQueue, asker);
  while (claim === 'stale') claim = await claimNext(engine.client.store, engine.queue, sharedQueue, asker);
  const result = await executeClaim(claim!, ports());
  if (result.status !== 'completed') throw new Error(JSON.stringify(result));
  expect(result.outputs.map(({ name }) => name)).toEqual(['make/output_0']);
  expect(JSON.parse(readFileSync(result.outputs[0]!.path!, 'utf8'))).toEqual({ hello: 'world' });
});
