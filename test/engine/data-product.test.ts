import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startRun } from '../../src/engine/client/index.ts';
import { readProject } from '../../src/project/read-project.ts';
import { tempProject } from '../project/temp-project.ts';
import { type TestEngine, testEngine } from '../support/engine.ts';

const pipeline = `name: x
type: python
blocks:
- {uuid: make, name: make, type: data_loader, language: python, upstream_blocks: [], downstream_blocks: []}
`;
const products = 'greeting: {object_type: pipeline, object_uuid: x, outdated_after: {hours: 1}}\n';

let engine: TestEngine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

/** The module as another process has it: with a line of its own. */
const inAnotherProcess = async () => {
  vi.resetModules();
  return (await import('../../src/engine/data-product.ts')).productRun;
};

test('whoever asks for a data product at the same time gets the same run, in one process and in several', async () => {
  const project = readProject(
    tempProject(pipeline, { 'global_data_products.yaml': products, 'data_loaders/make.py': 'x = 1\n' }),
  );
  await startRun(engine.client, { project, pipeline: project.pipelines[0]!, trigger: 'test' });
  const claim = await engine.claim('00000000-0000-4000-8000-000000000001');

  const ports = { store: engine.client.store, queue: engine.queue, signal: new AbortController().signal };
  const processes = [await inAnotherProcess(), await inAnotherProcess(), await inAnotherProcess()];
  const asks = processes.flatMap((ask) =>
    [1, 2, 3, 4].map(() => ask(claim, { ...ports, log: () => {}, onProcess: async () => {} }, 'greeting')),
  );
  // The product's run is executed only now: nobody finds it done before all have asked.
  const runs = async () =>
    (await engine.client.store.pool.query<{ id: string }>(`select id::text from wand.run where trigger like 'GLOBAL%'`))
      .rows;
  await expect.poll(async () => (await runs()).length).toBeGreaterThan(0);
  await engine.worker(async () => ({ status: 'completed', outputs: [], rows: null, tests: [] }));
  const got = new Set(await Promise.all(asks));
  expect((await runs()).map(({ id }) => id)).toEqual([...got]);
  expect(got.size).toBe(1);
});
