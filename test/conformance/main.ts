/**
 * npm run conformance -- [--pack DIR] [--json] [--all] [CASE...]
 *
 * Runs cases of a conformance pack (test/conformance/cases by default) and prints a line for each step: equal, a documented
 * difference, or the first difference to what real Mage did. Exit code 1 if any step is none of the first two.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import startServer from '../support/server.ts';
import { documentedDifferences } from './differences.ts';
import { judgeCase } from './judge.ts';
import { preparePython } from './python.ts';
import { readCases } from './read-case.ts';
import { hasNoDifference, hasPassed, reportJson, reportLines } from './report.ts';
import { runCase } from './run-case.ts';

const usage = 'usage: npm run conformance -- [--pack DIR] [--json] [--all] [CASE...]';

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    options: {
      pack: { type: 'string' },
      json: { type: 'boolean' },
      all: { type: 'boolean' },
      help: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const cases = readCases(values.pack ? resolve(values.pack) : join(import.meta.dirname, 'cases'), positionals);
  const { executeClaim } = await import('../../src/engine/execute-claim.ts');
  const { testEngine } = await import('../support/engine.ts');
  const stopServer = await startServer();
  try {
    const { skip } = await preparePython();
    if (skip) throw new Error(skip);
    const engine = await testEngine();
    await engine.worker(executeClaim, { concurrency: 4 });
    const verdicts = [];
    for (const conformanceCase of cases) {
      const verdict = judgeCase(conformanceCase, await runCase(conformanceCase, engine.client), documentedDifferences);
      verdicts.push(verdict);
      if (!values.json) process.stdout.write(`${reportLines(verdict, { all: values.all }).join('\n')}\n`);
    }
    if (values.json) process.stdout.write(`${JSON.stringify(verdicts.map(reportJson), null, 2)}\n`);
    else process.stdout.write(`${summary(verdicts.filter(hasPassed).length, verdicts.length)}\n`);
    await engine.close();
    return verdicts.every(positionals.length > 0 ? hasNoDifference : hasPassed) ? 0 : 1;
  } finally {
    await stopServer();
  }
};

const summary = (passed: number, all: number): string => `${passed} of ${all} cases passed`;

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`conformance: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
