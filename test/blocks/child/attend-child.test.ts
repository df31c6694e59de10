import { spawnSync } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { attendChild, type Exit } from '../../../src/blocks/child/attend-child.ts';
import { blockContext } from './context.ts';

test('a last line without its end is logged before the result, also if the child is gone as its pipes are about to close', async () => {
  const { context, logged } = blockContext();
  const [events, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const exit = Promise.withResolvers<Exit>();
  const pgid = spawnSync('true').pid;
  const result = attendChild(context, { pgid, events, stdout, stderr, exited: exit.promise, send: () => undefined });
  events.write('{"type":"done","rows":1}\n');
  stdout.write('unfinished');
  while (stdout.readableLength > 0 || events.readableLength > 0) await turn();
  await turn();
  // In a continuation of a promise: what the streams say of their end then comes after other continuations.
  await Promise.resolve();
  for (const stream of [events, stdout, stderr]) stream.destroy();
  exit.resolve({ code: 0, signal: null, usage: null });
  expect((await result).status).toBe('completed');
  expect(logged.map(({ text }) => text)).toContain('unfinished');
});
