import type { EngineClient } from '../../src/engine/client/index.ts';
import { isByChance } from './by-chance.ts';
import { documentedDifferences } from './differences.ts';
import { type CaseVerdict, judgeCase } from './judge.ts';
import { hasPassed } from './report.ts';
import { runCase } from './run-case.ts';
import type { CaseOutcome, ConformanceCase } from './types.ts';

/** A case is run again this often where all that differs follows from chance. */
const mostRuns = 5;

export type JudgedRun = { outcome: CaseOutcome; verdict: CaseVerdict };

/**
 * Runs a case and judges it. Where other siblings of a failed block were done than in Mage's run, what they wrote and what later steps find of
 * them differs too (case 24 retries such a run), and two blocks without an edge may race (races.ts): then the case is run again, until the
 * dice fall as they did for Mage. Any other difference is none of chance, and ends it at once.
 */
export const judgedRun = async (conformanceCase: ConformanceCase, client: EngineClient): Promise<JudgedRun> => {
  for (let run = 1; ; run += 1) {
    const outcome = await runCase(conformanceCase, client);
    const verdict = judgeCase(conformanceCase, outcome, documentedDifferences);
    if (hasPassed(verdict) || !isByChance(conformanceCase, verdict) || run === mostRuns) return { outcome, verdict };
  }
};
