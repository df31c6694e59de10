import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe } from 'vitest';
import { runPythonBlock } from '../../../src/blocks/python/run-python-block.ts';
import type { BlockContext, BlockResult, BlockTask, LogEntry } from '../../../src/model/block-task.ts';
import { testInterpreter } from '../../support/python.ts';
import { blockContext } from '../child/context.ts';

const python = await testInterpreter();

/** `describe` for tests that need Python; where there is none, its title says why they are skipped. */
export const describePython = (title: string, tests: () => void): void => {
  if (python.interpreter) describe(title, tests);
  else describe.skip(`${title} (${python.skip})`, tests);
};

/** The program that runs the blocks of the tests. */
export const testPython = (): string => python.interpreter?.command ?? '';

/** A project folder `<temporary>/project` with the given files. */
export const makeProject = (files: Record<string, string> = {}): string => {
  const project = join(realpathSync(mkdtempSync(join(tmpdir(), 'wand-project-'))), 'project');
  mkdirSync(project);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
  return project;
};

export type Ran = { result: BlockResult; logged: LogEntry[]; file: string; lines: string[] };

/** Runs `code` as a block of `project`, as the engine would. */
export const runBlock = async (
  code: string,
  {
    project = makeProject(),
    task = {},
    context = {},
  }: { project?: string; task?: Partial<BlockTask>; context?: Partial<BlockContext> } = {},
): Promise<Ran> => {
  const file = join(project, 'block.py');
  writeFileSync(file, code);
  const outputFolder = mkdtempSync(join(project, 'output-'));
  const made = blockContext(
    { file, projectPath: project, workingDirectory: dirname(project), outputFolder, ...task },
    {
      ...context,
      environment: {
        ...(process.env as Record<string, string>),
        WAND_PYTHON: testPython(),
        ...context.environment,
      },
    },
  );
  const result = await runPythonBlock(made.context);
  const lines = made.logged.filter(({ source }) => source !== 'wand').map(({ text }) => text);
  return { result, logged: made.logged, file, lines };
};

/** Inputs for a next block from what earlier ones stored. */
export const inputsOf = (results: Record<string, BlockResult>): BlockTask['inputs'] =>
  Object.entries(results).map(([block, { outputs }]) => ({
    block,
    blockType: 'data_loader',
    language: 'python',
    outputs,
  }));
