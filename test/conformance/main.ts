/**
 * npm run conformance -- [--pack DIR] [--json] [--all] [--mutate] [--propose] [CASE...]
 *
 * Runs cases of a conformance pack (test/conformance/cases by default) and prints a line for each step: equal, a documented
 * difference, a step that is not run and why (`not-run.ts`), or the first difference to what real Mage did (`--all`: every one). Exit
 * code 1 if there is any such difference. `--mutate` also changes every recorded value, one by one, and fails where that is not noticed. `--propose` prints rows for differences.json instead.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { EngineClient } from '../../src/engine/client/index.ts';
import { testEngine } from '../support/engine.ts';
import startServer from '../support/server.ts';
import { executeAsRecorded } from './execute-as-recorded.ts';
import type { CaseVerdict } from './judge.ts';
import { judgedRun } from './judged-run.ts';
import { proposeRows } from './propose.ts';
import { preparePython } from './python.ts';
import { readCases } from './read-case.ts';
import { hasPassed, reportJson, reportLines } from './report.ts';
import { unnoticedChanges } from './unnoticed.ts';

const usage = 'usage: npm run conformance -- [--pack DIR] [--json] [--all] [--mutate] [--propose] [CASE...]';

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    options: {
      pack: { type: 'string' },
      json: { type: 'boolean' },
      all: { type: 'boolean' },
      mutate: { type: 'boolean' },
      propose: { type: 'boolean' },
      help: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  if (values.help) return print(usage, 0);
  const cases = readCases(values.pack ? resolve(values.pack) : join(import.meta.dirname, 'cases'), positionals);
  const unnoticed: string[] = [];
  const verdicts = await withEngine(async (client) => {
    const judged: CaseVerdict[] = [];
    for (const conformanceCase of cases) {
      const { outcome, verdict } = await judgedRun(conformanceCase, client);
      judged.push(verdict);
      if (values.mutate)
        unnoticed.push(...unnoticedChanges(conformanceCase, outcome).map((it) => `${verdict.case} ${it}`));
      if (values.propose) print(proposeRows(conformanceCase, outcome).join('\n'));
      else if (!values.json) print(reportLines(verdict, { all: values.all }).join('\n'));
    }
    return judged;
  });
  if (values.json) print(JSON.stringify(verdicts.map(reportJson), null, 2));
  else if (!values.propose) print(`${verdicts.filter(hasPassed).length} of ${verdicts.length} cases passed`);
  for (const change of unnoticed) print(`not noticed when changed: ${change}`);
  return verdicts.every(hasPassed) && unnoticed.length === 0 ? 0 : 1;
};

/** A state database and an embedded server of their own, with a worker in this process and a Python for the blocks. */
const withEngine = async <Result>(work: (client: EngineClient) => Promise<Result>): Promise<Result> => {
  const stopServer = await startServer();
  try {
    const { skip } = await preparePython();
    if (skip) throw new Error(skip);
    const engine = await testEngine();
    try {
      await engine.worker(executeAsRecorded);
      return await work(engine.client);
    } finally {
      await engine.close();
    }
  } finally {
    await stopServer();
  }
};

const print = (text: string, code = 0): number => {
  if (text) process.stdout.write(`${text}\n`);
  return code;
};

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`conformance: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
