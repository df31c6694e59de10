import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeHome } from '../../support/home.ts';
import { wand } from '../wand-command.ts';

const home = makeHome();
afterAll(() => rmSync(home, { recursive: true, force: true }));
const keys = (...more: string[]) => wand(['keys', ...more], { environment: { WAND_HOME: home } });

test('wand keys prints the table as keys.yaml makes it; what is wrong is on stderr with its line, exit 2', () => {
  expect(keys('--json').status).toBe(0);
  writeFileSync(join(home, 'keys.yaml'), 'run.start: ctrl-x\nrun.cancel: j\n');
  const { status, stdout, stderr } = keys('--json');
  const answer = JSON.parse(stdout);
  const action = (id: string) => answer.keys.find((one: { id: string }) => one.id === id);
  expect(answer.version).toBe(1);
  expect(action('run.start')).toMatchObject({ keys: ['ctrl-x'], default: ['r'], context: 'global' });
  expect(action('run.cancel').keys).toEqual(['x']);
  expect(answer.problems).toMatchObject([{ file: join(home, 'keys.yaml'), line: 2 }]);
  expect(stderr).toContain(`${join(home, 'keys.yaml')}:2: j means tree.down and run.cancel`);
  expect(status).toBe(2);
  expect(keys().stdout).toMatch(/Everywhere +ctrl-x +run\.start +Run the open pipeline/);
});
