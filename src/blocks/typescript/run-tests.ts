import type { StoredOutput } from '../../model/output.ts';
import { messageOf, WandError } from '../../problem/wand-error.ts';
import { type BlockTest, declaredTests } from '../../sdk/test.ts';
import { say, sendEvent } from './events.ts';
import type { Workshop } from './execute-task.ts';
import { outputsAsInputs } from './inputs.ts';
import { userPlace } from './problems.ts';

/** Runs the tests of the block's file on its stored outputs; all of them, then throws if one has failed (mage-format.md 3.4). */
export const runTests = async (workshop: Workshop, outputs: StoredOutput[]): Promise<void> => {
  const { task } = workshop;
  const tests = declaredTests();
  if (tests.length === 0) return;
  const inputs = outputsAsInputs(workshop, task.blockUuid, outputs);
  const failures: { name: string; problem: unknown }[] = [];
  for (const test of tests) {
    const problem = await outcomeOf(test, inputs);
    if (problem) failures.push({ name: test.name, problem: problem.thrown });
    sendEvent({
      type: 'test',
      name: test.name,
      passed: problem === null,
      message: problem && messageOf(problem.thrown),
    });
  }
  say(`${tests.length - failures.length}/${tests.length} tests passed.`, failures.length > 0 ? 'error' : 'info');
  const first = failures[0];
  if (first) throw testsFailed(workshop, failures.length, first);
};

const outcomeOf = async (
  test: BlockTest,
  inputs: Parameters<BlockTest['check']>,
): Promise<{ thrown: unknown } | null> => {
  try {
    await test.check(...inputs);
    return null;
  } catch (thrown) {
    return { thrown };
  }
};

const testsFailed = ({ task }: Workshop, count: number, first: { name: string; problem: unknown }): WandError => {
  const place = first.problem instanceof Error ? userPlace(first.problem.stack ?? '', task) : null;
  const more = count > 1 ? ` (and ${count - 1} more)` : '';
  return new WandError(
    'test-failed',
    `Failed to pass tests for block ${task.blockUuid}: ${first.name}: ${messageOf(first.problem)}${more}`,
    { file: place?.file ?? task.file, line: place?.line, cause: first.problem },
  );
};
