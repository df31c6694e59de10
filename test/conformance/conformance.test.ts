import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { testEngine } from '../support/engine.ts';
import { executeAsRecorded } from './execute-as-recorded.ts';
import { judgedRun } from './judged-run.ts';
import { preparePython } from './python.ts';
import { readCases } from './read-case.ts';
import { hasPassed, reportLines } from './report.ts';
import { unnoticedChanges } from './unnoticed.ts';

/** The quick ones of the committed cases: all of them are run by `npm run conformance`, which takes some minutes. */
const quick = ['01', '03', '05', '06', '08', '12'];

const python = await preparePython();
const engine = python.skip === null ? await testEngine() : null;
await engine?.worker(executeAsRecorded);

afterAll(() => engine?.close());

describe.skipIf(engine === null)(`conformance with real Mage${python.skip === null ? '' : ` (${python.skip})`}`, () => {
  for (const conformanceCase of readCases(join(import.meta.dirname, 'cases'), quick)) {
    it(`${conformanceCase.name}: ${conformanceCase.file.title}`, async () => {
      const { outcome, verdict } = await judgedRun(conformanceCase, engine!.client);
      expect(hasPassed(verdict), reportLines(verdict, { all: true }).join('\n')).toBe(true);

      // Every value of the record counts: none can be changed without a failure.
      expect(unnoticedChanges(conformanceCase, outcome)).toEqual([]);
    });
  }
});
