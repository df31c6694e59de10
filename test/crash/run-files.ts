import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { packageRoot } from '../../src/home/package-root.ts';

/** What became of one test in one round. */
export type TestOutcome = { file: string; title: string; status: 'passed' | 'failed' | 'skipped' };

/** `failures`: what vitest says about those that failed, for a reader; empty if none did. */
export type FilesRun = { outcomes: TestOutcome[]; failures: string };

/** Runs the files once, each of their tests as `npm test` does. */
export const runFiles = async (files: string[]): Promise<FilesRun> => {
  const folder = mkdtempSync(join(tmpdir(), 'wand-crash-table-'));
  try {
    const answer = join(folder, 'outcome.json');
    const vitest = join(packageRoot(), 'node_modules', 'vitest', 'vitest.mjs');
    const options = [
      'run',
      '--config',
      'test/vitest.config.ts',
      '--reporter=dot',
      '--reporter=json',
      `--outputFile=${answer}`,
    ];
    const child = spawn(process.execPath, [vitest, ...options, ...files], {
      cwd: packageRoot(),
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    const [code] = await once(child, 'close');
    if (!existsSync(answer)) throw new Error(`vitest ended with ${code} and no outcome: ${said}`);
    const outcomes = outcomesOf(JSON.parse(readFileSync(answer, 'utf8')) as VitestReport);
    // Vitest also fails for what no test has: an error outside of all files.
    if (code !== 0 && outcomes.every(({ status }) => status !== 'failed'))
      throw new Error(`vitest ended with ${code}: ${said}`);
    return { outcomes, failures: code === 0 ? '' : said.slice(Math.max(0, said.search(/⎯ Failed /))) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** What is used of vitest's JSON report. */
type VitestReport = {
  testResults: { name: string; status: string; assertionResults: { fullName: string; status: string }[] }[];
};

const outcomesOf = ({ testResults }: VitestReport): TestOutcome[] =>
  testResults.flatMap(({ name, status, assertionResults }) => {
    const file = relative(packageRoot(), name);
    const tests = assertionResults.map(
      (test): TestOutcome => ({
        file,
        title: test.fullName,
        status: test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped',
      }),
    );
    // A file that fails outside its tests (its import, a hook) must not count as passed.
    const elsewhere = status === 'failed' && !tests.some((test) => test.status === 'failed');
    return elsewhere ? [...tests, { file, title: '(outside its tests)', status: 'failed' }] : tests;
  });
