#!/usr/bin/env node
// The `wand` command: finds a Node that is new enough and runs the bundle under it. Node 20 syntax, no dependencies.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { noNodeMessage, packageRoot, suitableNode } from './node-runtime.mjs';

// Not by `import`, which reads every name of the module and loads what is behind it: streams, promises, readline (3 ms).
const { existsSync } = createRequire(import.meta.url)('node:fs');
const program = join(packageRoot, 'dist', 'main.js');
const node = suitableNode();

if (node === null) {
  console.error(noNodeMessage());
  process.exitCode = 2;
} else if (!existsSync(program)) {
  console.error(`wand: ${program} is missing: run \`npm start\` or \`npm run build\` in ${packageRoot} first`);
  process.exitCode = 2;
} else if (node === process.execPath) {
  process.argv[1] = program;
  await import(program);
} else {
  const { runNode } = await import('./run-node.mjs');
  process.exitCode = await runNode(node, [program, ...process.argv.slice(2)]);
}
