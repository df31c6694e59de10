// Bundles wand into dist/. The bundle starts in half the time of the single files (terminal start-up figures in docs/house.md).
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from './node-runtime.mjs';

const inRoot = (...parts) => join(packageRoot, ...parts);

rmSync(inRoot('dist'), { recursive: true, force: true });
await build({
  absWorkingDir: packageRoot,
  entryPoints: {
    main: 'src/cli/main.ts',
    'typescript-child': 'src/blocks/typescript/child.ts',
    sdk: 'src/sdk/index.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  jsx: 'automatic',
  sourcemap: false,
  minifySyntax: true,
  legalComments: 'none',
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  // Native, optional or only for debugging; the rest goes into the bundle.
  external: ['@duckdb/node-api', 'pg-native', 'react-devtools-core', 'esbuild'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
