import type { EngineClient } from '../../src/engine/client/index.ts';
import { documentedDifferences } from './differences.ts';
import { type CaseVerdict, chanceOf, judgeCase } from './judge.ts';
import { hasPassed } from './report.ts';
import { runCase } from './run-case.ts';
import type { CaseOutcome, ConformanceCase } from './types.ts';

/** A case is run again this often where it may have come out otherwise by chance. */
const mostRuns = 5;

export type JudgedRun = { outcome: CaseOutcome; verdict: CaseVerdict };

/**
 * Runs a case and judges it. Where in a step that fails other siblings of the failed block were done than in Mage's, which is chance, what later
 * steps find differs too (case 24 retries such a run): then the case is run again, until the dice fall as they did for Mage.
 */
export const judgedRun = async (conformanceCase: ConformanceCase, client: EngineClient): Promise<JudgedRun> => {
  for (let run = 1; ; run += 1) {
    const outcome = await runCase(conformanceCase, client);
    const verdict = judgeCase(conformanceCase, outcome, documentedDifferences);
    const byChance = outcome.steps.some((_, index) => chanceOf(conformanceCase, outcome, index).size > 0);
    if (hasPassed(verdict) || !byChance || run === mostRuns) return { outcome, verdict };
  }
};
