import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLineReader, longestLine } from '../../src/blocks/child/line-reader.ts';
import { startRun } from '../../src/engine/client/index.ts';
import { deliverOrphans } from '../../src/engine/log-spool.ts';
import { openLogWriter } from '../../src/engine/log-writer.ts';
import { statePath } from '../../src/home/paths.ts';
import { makePrivateFolder } from '../../src/home/private-file.ts';
import type { LogLine } from '../../src/model/run.ts';
import type { Store } from '../../src/store/open-store.ts';
import { readLog, storeChunk } from '../../src/store/queries/logs.ts';
import { type TestEngine, testEngine, testPipeline } from '../support/engine.ts';

describe('the log of a block', () => {
  let engine: TestEngine;
  let store: Store;
  beforeAll(async () => {
    engine = await testEngine();
    store = engine.client.store;
    await store.stateId();
  });
  afterAll(() => engine.close());

  const newRun = () => startRun(engine.client, { ...testPipeline({ a: [] }), trigger: 'test' });
  const place = (runId: string) => ({ runId, block: 'a', attempt: 1 });
  const info = (text: string) => ({ level: 'info', source: 'stdout', text }) as const;
  const logOf = async (runId: string): Promise<LogLine[]> => {
    const all: LogLine[] = [];
    for (;;) {
      const lines = await readLog(store.pool, runId, { after: all.at(-1)?.sequence ?? 0 });
      if (lines.length === 0) return all;
      all.push(...lines);
    }
  };
  const spoolFiles = (): string[] =>
    existsSync(statePath('logs', 'spool')) ? readdirSync(statePath('logs', 'spool')) : [];

  test('loses nothing of 200,000 lines that come as fast as they can be written', async () => {
    const runId = await newRun();
    const log = openLogWriter(store, place(runId));
    for (let n = 0; n < 200_000; n += 1) {
      log.write(info(`line ${n} ${'.'.repeat(60)}`));
      // A child's lines come in pieces, with other work between them.
      if (n % 5_000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await log.end();
    const lines = await logOf(runId);
    expect(lines).toHaveLength(200_000);
    expect(lines.findIndex(({ text, sequence }, n) => !text.startsWith(`line ${n} `) || sequence !== n + 1)).toBe(-1);
    expect(spoolFiles()).toEqual([]);
  });

  test('has a line of 10 MB, and a longer one cut with a note', async () => {
    const runId = await newRun();
    const log = openLogWriter(store, place(runId));
    const reader = createLineReader((text) => log.write(info(text)));
    reader.push(Buffer.from(`${'x'.repeat(longestLine)}\n${'y'.repeat(longestLine + 5)}\nshort\n`));
    await log.end();
    const texts = (await logOf(runId)).map(({ text }) => text);
    expect(texts.map((text) => text.length)).toEqual([
      longestLine,
      longestLine + ' [cut: 5 more bytes in this line]'.length,
      5,
    ]);
    expect(texts[1]).toMatch(/y \[cut: 5 more bytes in this line\]$/);
  });

  test('takes what Postgres does not know as text', async () => {
    const runId = await newRun();
    const log = openLogWriter(store, place(runId));
    log.write(info('zero \0 and half \ud83d a pair'));
    await log.end();
    expect((await logOf(runId)).map(({ text }) => text)).toEqual(['zero ␀ and half � a pair']);
  });

  test('has a chunk once that is sent again because its answer was lost', async () => {
    const runId = await newRun();
    const chunk = { ...place(runId), writer: crypto.randomUUID(), number: 0, lines: [['t', 'info', 'stdout', 'once']] };
    await Promise.all([1, 2, 3].map(() => storeChunk(store.pool, chunk)));
    await storeChunk(store.pool, { ...chunk, number: 1, lines: [['t', 'info', 'stdout', 'next']] });
    expect((await logOf(runId)).map(({ text, sequence }) => [sequence, text])).toEqual([
      [1, 'once'],
      [2, 'next'],
    ]);
  });

  test('gets what a worker left on disk that was killed while the database was away, of this state database only', async () => {
    const runId = await newRun();
    const killed = spawn('sleep', ['0']);
    await once(killed, 'exit');
    const folder = makePrivateFolder(statePath('logs', 'spool'));
    const chunk = (number: number) =>
      JSON.stringify({
        ...place(runId),
        writer: 'aaaaaaaa-0000-4000-8000-000000000001',
        number,
        lines: [['t', 'info', 'stdout', `left ${number}`]],
      });
    const left = join(folder, `${await store.stateId()}_${killed.pid}-1_w.jsonl`);
    const ofAnother = join(folder, `00000000-0000-4000-8000-000000000000_${killed.pid}-1_w.jsonl`);
    writeFileSync(left, `${chunk(0)}\n${chunk(1)}\n${chunk(2).slice(0, 40)}`);
    writeFileSync(ofAnother, `${chunk(7)}\n`);
    await deliverOrphans(store);
    await deliverOrphans(store);
    expect((await logOf(runId)).map(({ text }) => text)).toEqual(['left 0', 'left 1']);
    expect(spoolFiles()).toEqual([ofAnother.slice(folder.length + 1)]);
  });
});
