import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../crash/eventually.ts';
import { type Surroundings, surroundings } from '../support/program.ts';

let place: Surroundings;
beforeAll(async () => {
  place = await surroundings();
});
afterAll(() => place.close());

test('wand logs -f prints a line before the block that wrote it goes on, and ends with the run', async () => {
  const project = join(place.root, 'projects', 'talk');
  const go = join(place.root, 'go');
  for (const folder of ['pipelines/talk', 'data_loaders']) mkdirSync(join(project, folder), { recursive: true });
  writeFileSync(join(project, 'metadata.yaml'), 'project_type: standalone\n');
  writeFileSync(
    join(project, 'pipelines', 'talk', 'metadata.yaml'),
    'name: talk\ntype: python\nblocks:\n- {uuid: talk, name: talk, type: data_loader, language: typescript, upstream_blocks: [], downstream_blocks: []}\n',
  );
  writeFileSync(
    join(project, 'data_loaders', 'talk.ts'),
    `import { existsSync } from 'node:fs';
import { json, loader } from 'wand';
export default loader(async () => {
  console.log('before');
  while (!existsSync(${JSON.stringify(go)})) await new Promise((resolve) => setTimeout(resolve, 10));
  console.log('after');
  return json({});
});
`,
  );
  await place.wand(['run', 'talk/talk', '--detach']);
  const following = place.start(['logs', '1', 'talk', '-f']);
  await eventually('the first line', async () => following.output().includes('before'));
  expect(following.output()).not.toContain('after');
  writeFileSync(go, '');
  const { code, stdout } = await following.ended;
  expect(code).toBe(0);
  expect(stdout.match(/before|after/g)).toEqual(['before', 'after']);
});
