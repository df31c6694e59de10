import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Surroundings, surroundings } from '../support/program.ts';

let place: Surroundings;
beforeAll(async () => {
  place = await surroundings();
});
afterAll(() => place.close());

test('wand --plain and ACCESSIBLE print lines in place of the workbench, without a terminal as well', async () => {
  const flag = await place.wand(['--plain']);
  const variable = await place.wand([], { environment: { ACCESSIBLE: '1' } });
  for (const { code, stdout } of [flag, variable]) {
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Project taxi, \d+ pipelines$/m);
    expect(stdout).toMatch(/^ {2}Pipeline yellow_taxi, \d+ blocks, never ran$/m);
    expect(stdout).not.toContain('\u001b');
  }
});
