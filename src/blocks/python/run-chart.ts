import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { BlockInput } from '../../model/block-task.ts';
import type { BlockError } from '../../model/run.ts';
import { WandError } from '../../problem/wand-error.ts';
import { findPython } from './interpreter.ts';
import { pythonEnvironment } from './launch.ts';

export type ChartCode = {
  /** Absolute path of the code. */
  file: string;
  projectPath: string;
  workingDirectory: string;
  inputs: BlockInput[];
  configuration: Record<string, unknown>;
};

/** What the code gave, as JSON: times are ISO text. */
export type ChartFigures = { x: unknown; y: unknown; index: unknown; configuration: Record<string, unknown> };

/** A chart is something to look at; one that takes longer is stopped. */
const timeoutMs = 60_000;

/** Runs the code of a chart block over its inputs. Throws WandError `chart-failed` with file and line, and what findPython throws. */
export const runChartCode = async (code: ChartCode, environment: Record<string, string>): Promise<ChartFigures> => {
  const { command } = await findPython({ projectPath: code.projectPath, environment });
  const child = spawn(command, ['-u', '-m', 'wand_blocks.chart'], {
    cwd: code.workingDirectory,
    env: { ...environment, ...pythonEnvironment(environment) },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(code));
  const started = new Promise<void>((resolve, reject) => child.on('spawn', resolve).on('error', reject));
  await started;
  const [answer, printed] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const said = parsed(answer);
  if (said?.figures) return said.figures;
  const { message, line, file } = said?.error ?? {
    message: printed.trim().split('\n').at(-1) || `stopped after ${timeoutMs / 1000} s`,
    file: code.file,
    line: null,
  };
  throw new WandError('chart-failed', `the chart's code failed: ${message}`, {
    file: file ?? code.file,
    ...(line === null ? {} : { line }),
    ...(said?.error?.fix ? { fix: said.error.fix } : {}),
  });
};

const parsed = (answer: string): { figures?: ChartFigures; error?: BlockError } | null => {
  try {
    return JSON.parse(answer) as { figures?: ChartFigures; error?: BlockError };
  } catch {
    return null;
  }
};
