import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Claim, claimNext } from '../../src/engine/claim.ts';
import { startRun } from '../../src/engine/client/index.ts';
import { type Finished, finishAttempts, type Outcome } from '../../src/engine/finish.ts';
import { sharedQueue } from '../../src/engine/queue.ts';
import { readSnapshot } from '../../src/store/queries/read-runs.ts';
import { type TestEngine, testEngine, testPipeline } from '../support/engine.ts';

const workerId = '00000000-0000-4000-8000-000000000001';
const done: Outcome = { status: 'completed', outputs: [], rows: null, tests: [] };
const inAnHour: Outcome = {
  status: 'failed',
  error: { type: 'ValueError', message: 'again', file: null, line: null, traceback: null },
  outputs: [],
  tests: [],
  retry: 3_600,
};

describe('a job of the queue', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await testEngine();
  });
  afterAll(() => engine.close());
  beforeEach(() => engine.client.store.pool.query(`update wand.run set status = 'cancelled'`));

  const claim = () => claimNext(engine.client.store, engine.queue, sharedQueue, { workerId, host: 'here' });
  const claimed = async (): Promise<Claim> => {
    const answer = await claim();
    if (answer === null || answer === 'stale') throw new Error(`nothing to claim: ${answer}`);
    return answer;
  };
  const finish = async (it: Claim, outcome: Outcome, goOn: boolean): Promise<Finished> => {
    const key = { runId: it.runId, blockRunId: it.blockRunId, attempt: it.attempt, workerId, host: 'here' };
    const [finished] = await finishAttempts(engine.client.store, engine.queue, [{ key, claim: it, outcome, goOn }]);
    return finished!;
  };
  const offers = async (runId: string) =>
    (
      await engine.client.store.pool.query<{ uuid: string; status: string; attempt: number; offer: string | null }>(
        'select uuid, status, attempt, offer from wand.block_run where run_id = $1 order by position',
        [runId],
      )
    ).rows;

  test('whose block was taken in place does not start it while it waits for its retry delay', async () => {
    const id = await startRun(engine.client, { ...testPipeline({ first: [], flaky: [] }), trigger: 'test' });
    const { next, stale } = await finish(await claimed(), done, true);
    expect(next?.uuid).toBe('flaky');
    expect(stale).not.toBeNull();
    expect((await finish(next!, inAnHour, true)).accepted).toBe(true);

    const before = await offers(id);
    expect(await claim()).toBe('stale');
    expect(await offers(id)).toEqual(before);
    expect(before[1]).toMatchObject({ uuid: 'flaky', status: 'queued', attempt: 1 });
    expect(await claim()).toBeNull();
    expect((await readSnapshot(engine.client.store.pool, id))!.run.status).toBe('running');
  });

  test('that was replaced by another does not pass its block on to workers with tags', async () => {
    const definition = testPipeline({ tagged: [] }, { tagged: { workerTags: ['gpu'] } });
    const id = await startRun(engine.client, { ...definition, trigger: 'test' });
    await engine.client.store.pool.query('update wand.block_run set offer = gen_random_uuid() where run_id = $1', [id]);
    const before = await offers(id);
    expect(await claim()).toBe('stale');
    expect(await offers(id)).toEqual(before);
  });
});
