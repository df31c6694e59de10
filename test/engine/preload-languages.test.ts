import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { dropChildren, sparePid } from '../../src/blocks/child/spare-child.ts';
import { startRun } from '../../src/engine/client/start-run.ts';
import { preloadLanguages } from '../../src/engine/preload-languages.ts';
import type { Block } from '../../src/model/project.ts';
import { type TestEngine, testEngine, testPipeline } from '../support/engine.ts';

let engine: TestEngine;
const folder = mkdtempSync(join(tmpdir(), 'wand-preload-'));
mkdirSync(join(folder, 'shop'));
writeFileSync(join(folder, 'shop', 'metadata.yaml'), '');
beforeEach(async () => {
  dropChildren();
  engine = await testEngine();
});
afterEach(() => engine.close());
afterAll(() => {
  dropChildren();
  rmSync(folder, { recursive: true, force: true });
});

const preloadAfter = async (language: Block['language']): Promise<number | null> => {
  const { project, pipeline } = testPipeline({ a: [], b: ['a'] }, { a: { language: 'sql' }, b: { language } });
  const found = { project: { ...project, path: join(folder, 'shop') }, pipeline };
  await startRun(engine.client, { ...found, trigger: 'test' });
  const claim = await engine.claim('6f0e0b1c-58a7-4d3c-8f5e-2b1d4a0c9e11');
  await preloadLanguages(engine.client.store, claim);
  return sparePid();
};

test('the child of a TypeScript block further down is started with the first block of its run', async () => {
  expect(await preloadAfter('typescript')).toBeGreaterThan(0);
});

test('nothing is started for a run that has SQL blocks only', async () => {
  expect(await preloadAfter('sql')).toBeNull();
});
