import { readCrashTable } from './read-table.ts';
import { runFiles, type TestOutcome } from './run-files.ts';

/**
 * Runs the tests that docs/crash-table.md names, `rounds` times, and prints for each row in how many rounds all of its tests passed. A test
 * that was skipped is named, and its row does not count as passed. Answers whether all rows passed every time.
 */
export const runTable = async (rounds: number): Promise<boolean> => {
  const rows = readCrashTable();
  const files = [...new Set(rows.flatMap((row) => row.files))].toSorted();
  const all: TestOutcome[][] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const began = Date.now();
    const { outcomes, failures } = await runFiles(files);
    all.push(outcomes);
    const count = (status: TestOutcome['status']) => outcomes.filter((outcome) => outcome.status === status).length;
    console.log(
      `round ${String(round).padStart(2)}: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped; ` +
        `${Math.round((Date.now() - began) / 1000)} s`,
    );
    if (failures) console.log(failures);
  }
  const passed = rows.map(
    ({ files: own }) => all.filter((outcomes) => own.every((file) => hasPassed(outcomes, file))).length,
  );
  for (const [index, { fault }] of rows.entries()) console.log(`${passed[index]}/${rounds}  ${fault}`);
  const skipped = new Set(
    all
      .flat()
      .filter(({ status }) => status === 'skipped')
      .map(({ file, title }) => `${file} > ${title}`),
  );
  for (const test of skipped) console.log(`skipped: ${test}`);
  return passed.every((count) => count === rounds);
};

/** All tests of the file passed, and there was one. */
const hasPassed = (outcomes: TestOutcome[], file: string): boolean => {
  const own = outcomes.filter((outcome) => outcome.file === file);
  return own.length > 0 && own.every(({ status }) => status === 'passed');
};
