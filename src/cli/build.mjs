// Bundles wand into dist/. The bundle starts in half the time of the single files (terminal start-up figures in docs/house.md).
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { joinChunks } from './join-chunks.mjs';
import { packageRoot } from './node-runtime.mjs';

const inRoot = (...parts) => join(packageRoot, ...parts);

/** A wand that runs still loads its chunks lazily: what this build did not write goes an hour later. */
const removeStale = (written) => {
  for (const name of readdirSync(inRoot('dist'))) {
    const path = inRoot('dist', name);
    if (!written.has(path) && Date.now() - statSync(path).mtimeMs > 3_600_000) rmSync(path, { recursive: true });
  }
};

/** pg's login loads Web Crypto, 10 ms in each process, for what Node's own library does at once. */
let ownLogins = 0;
const ownScram = {
  name: 'own-scram',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/crypto\/utils$|^\.\/utils$/ }, ({ path, importer }) => {
      const isOfPg = /node_modules\/pg\/lib\/(client|crypto\/sasl)\.js$/.test(importer.replaceAll('\\', '/'));
      const isCrypto = path === './crypto/utils' || importer.endsWith('sasl.js');
      if (isOfPg && isCrypto) ownLogins += 1;
      return isOfPg && isCrypto ? { path: inRoot('src', 'postgres', 'scram-crypto.ts') } : undefined;
    }),
};

const bundle = async (entryPoints, chunkNames = '[name]-[hash]') => {
  const { metafile } = await build({
    absWorkingDir: packageRoot,
    entryPoints,
    outdir: 'dist',
    chunkNames,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    jsx: 'automatic',
    sourcemap: false,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    // Native, optional or only for debugging; the rest goes into the bundle. (DuckDB's API is 181 files.)
    plugins: [ownScram],
    external: ['@duckdb/node-bindings*', 'pg-native', 'react-devtools-core', 'esbuild'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'warning',
    metafile: true,
  });
  return metafile.outputs;
};

const [others, workbench] = await Promise.all([
  bundle({
    main: 'src/cli/entry.ts',
    'typescript-child': 'src/blocks/typescript/child.ts',
    sdk: 'src/sdk/index.ts',
  }),
  // By itself, so that what it shares with the verbs is not cut into sixty files: each costs its start 0.3 ms.
  bundle({ workbench: 'src/cli/workbench-main.ts' }, 'workbench-[name]-[hash]'),
]);
if (ownLogins === 0) throw new Error('pg keeps its cryptography elsewhere now: see ownScram in src/cli/build.mjs');
await joinChunks(packageRoot, workbench, 'dist/workbench.js');
removeStale(new Set([...Object.keys(others), ...Object.keys(workbench)].map((path) => inRoot(path))));
