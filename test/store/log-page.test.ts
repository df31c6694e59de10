import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRun } from '../../src/engine/client/index.ts';
import type { LogLevel, LogLine, LogPageQuery } from '../../src/model/run.ts';
import { readLogPage } from '../../src/store/queries/log-page.ts';
import { appendLog } from '../../src/store/queries/logs.ts';
import { type TestEngine, testEngine, testPipeline } from '../support/engine.ts';

let engine: TestEngine;
let runId: string;
const stored: Pick<LogLine, 'sequence' | 'block' | 'level' | 'text'>[] = [];
const levels: LogLevel[] = ['debug', 'info', 'warning', 'error'];

beforeAll(async () => {
  engine = await testEngine();
  runId = await startRun(engine.client, { ...testPipeline({ a: [], b: [] }), trigger: 'test' });
  // Chunks of every size, of two blocks by turns.
  for (let chunk = 0; stored.length < 3_000; chunk++) {
    const block = chunk % 3 === 0 ? 'b' : 'a';
    const lines = Array.from({ length: (chunk % 40) + 1 }, (_, index) => {
      const sequence = stored.length + index + 1;
      const level = levels[sequence % 17 === 0 ? 3 : sequence % 5 === 0 ? 2 : sequence % 3 === 0 ? 0 : 1]!;
      return { sequence, block, level, text: `${sequence % 100 === 0 ? 'Needle' : 'hay'} (${sequence})` };
    });
    stored.push(...lines);
    await appendLog(engine.client.store.pool, {
      runId,
      block,
      attempt: 1,
      lines: lines.map(({ level, text }) => ({ time: '2026-01-01T00:00:00.000Z', level, source: 'stdout', text })),
    });
  }
});
afterAll(() => engine.close());

const page = (query: LogPageQuery) => readLogPage(engine.client.store.pool, runId, query);

test('a page is exactly what a look through the whole log gives, on either side of any place', async () => {
  const query = fc.record({
    block: fc.constantFrom(null, 'a', 'b', 'c'),
    side: fc.constantFrom('older' as const, 'newer' as const),
    from: fc.oneof(fc.integer({ min: 0, max: 3_100 }), fc.constant(Number.MAX_SAFE_INTEGER)),
    limit: fc.integer({ min: 1, max: 700 }),
    level: fc.constantFrom(undefined, ...levels),
    filter: fc.constantFrom(undefined, 'needle', '!hay', '\\(\\d*7\\)$', 'Nothing'),
    search: fc.constantFrom(undefined, 'needle', '(12', 'Hay'),
  });
  const expected = ({ block, side, from, limit, level = 'debug', filter = '', search = '' }: LogPageQuery) => {
    const without = filter.startsWith('!');
    const pattern = new RegExp(filter.replace(/^!/, ''), /[A-Z]/.test(filter) ? '' : 'i');
    const sensitive = /[A-Z]/.test(search);
    const found = stored.filter(
      (line) =>
        (side === 'older' ? line.sequence < from : line.sequence > from) &&
        (block === null || line.block === block) &&
        levels.indexOf(line.level) >= levels.indexOf(level) &&
        (filter === '' || pattern.test(line.text) !== without) &&
        (sensitive ? line.text : line.text.toLowerCase()).includes(search),
    );
    return { shown: side === 'older' ? found.slice(-limit) : found.slice(0, limit), count: found.length };
  };
  await fc.assert(
    fc.asyncProperty(query, async (asked) => {
      const { shown, count } = expected(asked);
      const answer = await page(asked);
      expect(answer.lines.map(({ sequence }) => sequence)).toEqual(shown.map(({ sequence }) => sequence));
      expect(answer.total).toBe(stored.length);
      // A full page may not know that it was the last one; one that is not full always does.
      if (count < asked.limit) expect(answer.end).toBe(true);
      if (count > asked.limit) expect(answer.end).toBe(false);
    }),
    { numRuns: 200 },
  );
});

test('a follower that goes on from what was reached sees each line once, also where a filter lets few through', async () => {
  for (const filter of [undefined, 'needle']) {
    const seen: number[] = [];
    let reached = 0;
    for (let end = false; !end; ) {
      const answer = await page({ block: null, side: 'newer', from: reached, limit: 64, filter });
      seen.push(...answer.lines.map(({ sequence }) => sequence));
      ({ reached, end } = answer);
    }
    const all = stored.filter(({ text }) => filter === undefined || /needle/i.test(text));
    expect(seen).toEqual(all.map(({ sequence }) => sequence));
    expect(reached).toBe(stored.length);
  }
});

test('a pattern that is none is told as such', async () => {
  await expect(page({ block: null, side: 'older', from: 9, limit: 1, filter: '(' })).rejects.toMatchObject({
    code: 'invalid-filter',
  });
});
