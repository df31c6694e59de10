import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../src/home/package-root.ts';
import { blockProject } from './run-block.ts';

const project = blockProject();

/** A child of a block as a worker would start it, but without setpriv: only its watch on standard input is left. */
const startChild = (text: string) => {
  const outputFolder = join(project.folder, 'out');
  mkdirSync(outputFolder, { recursive: true });
  const child = spawn(process.execPath, [join(packageRoot(), 'src/blocks/typescript/child.ts')], {
    stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
    detached: true,
  });
  const task = {
    runId: '1',
    pipelineUuid: null,
    blockUuid: 'b',
    blockType: 'custom',
    language: 'typescript',
    attempt: 1,
    file: project.write('project/custom/endless.ts', text),
    projectPath: project.projectPath,
    workingDirectory: project.folder,
    inputs: [],
    variables: {},
    configuration: {},
    outputFolder,
    retry: { attempts: 0 },
    runTests: true,
    marker: { state: 's', runId: '1', block: 'b', attempt: 1, lostAttempts: [] },
  };
  child.stdin!.write(`${JSON.stringify(task)}\n`);
  return child;
};

it.each([
  ['computes without end', 'for (;;) {}'],
  ['waits', 'await new Promise(() => setInterval(() => {}, 1000));'],
])('a block that %s ends when its worker is gone', async (_, body) => {
  const child = startChild(
    `import { custom } from 'wand';\nexport default custom(async () => { console.log('running'); ${body} });`,
  );
  const ended = once(child, 'exit');
  await once(child.stdout!, 'data');
  // What is left of a worker that was killed: a closed pipe.
  child.stdin!.destroy();
  expect(await ended).toEqual([null, 'SIGKILL']);
});

it('a child without a task ends at once', async () => {
  const child = spawn(process.execPath, [join(packageRoot(), 'src/blocks/typescript/child.ts')], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  expect(await once(child, 'exit')).toEqual([1, null]);
});
