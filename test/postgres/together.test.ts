import type { ClientBase } from 'pg';
import { expect, test } from 'vitest';
import { sender } from '../../src/postgres/together.ts';

const pipelined = { pipeline: true } as unknown as ClientBase;
const failing = (code: string) => async (): Promise<never> => {
  throw Object.assign(new Error(`error ${code}`), { code });
};

test.each([
  ['22012', '25P02', '22012'],
  ['25P02', '57014', '57014'],
  ['25P02', '25P02', '25P02'],
])('of two that failed in one trip, with %s and %s, the cause is told: %s', async (first, second, told) => {
  await expect(sender(pipelined)(failing(first), failing(second))).rejects.toMatchObject({ code: told });
});

test('one that failed alone is told whatever it is', async () => {
  await expect(sender(pipelined)(failing('25P02'), async () => 1)).rejects.toMatchObject({ code: '25P02' });
  await expect(sender(pipelined)(async () => 1, failing('57014'))).rejects.toMatchObject({ code: '57014' });
});
