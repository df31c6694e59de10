import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { executeClaim } from '../../src/engine/execute-claim.ts';
import { testEngine } from '../support/engine.ts';
import { documentedDifferences } from './differences.ts';
import type { ExactJson } from './exact-json.ts';
import { chanceOf, judgeCase } from './judge.ts';
import { judgedRun } from './judged-run.ts';
import { mutations } from './mutations.ts';
import { preparePython } from './python.ts';
import { readCases } from './read-case.ts';
import { hasPassed, reportLines } from './report.ts';

/** The quick ones of the committed cases: all of them are run by `npm run conformance`, which takes some minutes. */
const quick = ['01', '03', '05', '06', '08', '12'];

const python = await preparePython();
const engine = python.skip === null ? await testEngine() : null;
await engine?.worker(executeClaim);

afterAll(() => engine?.close());

describe.skipIf(engine === null)(`conformance with real Mage${python.skip === null ? '' : ` (${python.skip})`}`, () => {
  for (const conformanceCase of readCases(join(import.meta.dirname, 'cases'), quick)) {
    it(`${conformanceCase.name}: ${conformanceCase.file.title}`, { timeout: 120_000 }, async () => {
      const { expected } = conformanceCase;
      const { outcome, verdict } = await judgedRun(conformanceCase, engine!.client);
      expect(hasPassed(verdict), reportLines(verdict, { all: true }).join('\n')).toBe(true);

      // Every value of the record counts: none can be changed without a failure.
      const judgeChanged = (index: number, changed: ExactJson) =>
        judgeCase(
          { ...conformanceCase, expected: { ...expected, steps: expected.steps.with(index, changed) } },
          outcome,
          documentedDifferences,
        ).steps[index]!.result.verdict;
      const unnoticed = expected.steps.flatMap((step, index) => {
        const chance = chanceOf(conformanceCase, outcome, index);
        return mutations(step, chance).filter(({ changed }) => judgeChanged(index, changed) !== 'different');
      });
      expect(unnoticed.map(({ path }) => path)).toEqual([]);
    });
  }
});
