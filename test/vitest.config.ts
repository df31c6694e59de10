import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/conformance/cases/**', 'node_modules/**'],
    globalSetup: ['test/support/server.ts'],
    // Longer than a test's own waits, which say what they wait for.
    testTimeout: 240_000,
    // A screen on a busy machine; vitest's default of 1 s is none.
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 120_000,
    // Two cores: more files at once only make timeouts likelier.
    maxWorkers: 2,
  },
});
