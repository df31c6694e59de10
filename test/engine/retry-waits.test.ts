import { expect, test, vi } from 'vitest';
import { cancelRun, retry, startRun } from '../../src/engine/client/index.ts';
import { readProject } from '../../src/project/read-project.ts';
import { readSnapshot } from '../../src/store/queries/read-runs.ts';
import { tempProject } from '../project/temp-project.ts';
import { testEngine } from '../support/engine.ts';

const done = { status: 'completed' as const, outputs: [], rows: 1, tests: [] };

test('a retry does not begin before the attempt that a cancel stopped is gone, though another worker is free', async () => {
  const project = readProject(
    tempProject(
      'name: x\ntype: python\nblocks:\n- {uuid: slow, type: data_loader, language: python, upstream_blocks: []}\n',
      { 'data_loaders/slow.py': '' },
    ),
  );
  const engine = await testEngine();
  const { store } = engine.client;
  let living = 0;
  let most = 0;
  let mayEnd = (): void => {};
  const ending = new Promise<void>((resolve) => {
    mayEnd = resolve;
  });
  for (let workers = 0; workers < 2; workers += 1) {
    await engine.worker(async ({ attempt }) => {
      living += 1;
      most = Math.max(most, living);
      // The first attempt takes its time to end after it was told to.
      if (attempt === 1) await ending;
      living -= 1;
      return done;
    });
  }
  try {
    const runId = await startRun(engine.client, { project, pipeline: project.pipelines[0]!, trigger: 'test' });
    await expect.poll(() => living).toBe(1);
    await cancelRun(store, runId);
    const asked = vi.spyOn(store.pool, 'query');
    const asksWhetherGone = () => asked.mock.calls.filter(([sql]) => String(sql).includes('as stopping')).length;
    const again = retry(engine.client, { runId });
    // That it asks a second time says that it waits.
    await expect.poll(asksWhetherGone).toBeGreaterThan(1);
    expect((await readSnapshot(store.pool, runId))!.run.status).toBe('cancelled');
    mayEnd();
    expect(await again).toEqual(['slow']);
    const { run, blocks } = await engine.ended(runId);
    expect([run.status, blocks[0]!.attempt, most]).toEqual(['completed', 2, 1]);
  } finally {
    mayEnd();
    await engine.close();
  }
});
