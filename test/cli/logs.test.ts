import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { snapshotShape } from '../../src/cli/shapes/run.ts';
import { type Surroundings, surroundings } from '../support/program.ts';
import { until } from '../support/until.ts';
import { entry, pipelineFile, writeProject } from '../support/write-project.ts';

let place: Surroundings;
beforeAll(async () => {
  place = await surroundings();
});
afterAll(() => place.close());

test('wand logs -f prints a line before the block that wrote it goes on, and ends with the run', async () => {
  const go = join(place.root, 'go');
  writeProject(place, 'talk', {
    ...pipelineFile('talk', entry({ uuid: 'talk', type: 'data_loader', language: 'typescript' })),
    'data_loaders/talk.ts': `import { existsSync } from 'node:fs';
import { json, loader } from 'wand';
export default loader(async () => {
  console.log('before');
  while (!existsSync(${JSON.stringify(go)})) await new Promise((resolve) => setTimeout(resolve, 10));
  console.log('after');
  return json({});
});
`,
  });
  const { run } = snapshotShape.parse(JSON.parse(await place.ok(['run', 'talk/talk', '--detach', '--json'])));
  const following = place.start(['logs', run.id, 'talk', '-f']);
  await until('the first line', () => following.output().includes('before'));
  expect(following.output()).not.toContain('after');
  writeFileSync(go, '');
  const { code, stdout } = await following.ended;
  expect(code).toBe(0);
  expect(stdout.match(/before|after/g)).toEqual(['before', 'after']);
});
