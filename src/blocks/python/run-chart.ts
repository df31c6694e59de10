import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { BlockInput } from '../../model/block-task.ts';
import type { BlockError } from '../../model/run.ts';
import { WandError } from '../../problem/wand-error.ts';
import { withDeathSignal } from '../child/death-signal.ts';
import { signalGroup } from '../child/process-group.ts';
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
  const python = await findPython({ projectPath: code.projectPath, environment });
  const [command, args] = await withDeathSignal(python.command, ['-u', '-m', 'wand_blocks.chart']);
  const child = spawn(command, args, {
    cwd: code.workingDirectory,
    env: { ...environment, ...pythonEnvironment(environment) },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(code));
  const texts = Promise.all([text(child.stdout), text(child.stderr)]);
  await once(child, 'spawn');
  const end = () => signalGroup(child.pid!, 'SIGKILL');
  const timer = setTimeout(end, timeoutMs);
  // What its code has started would hold the pipes.
  child.once('exit', end);
  const [answer, printed] = await texts.finally(() => clearTimeout(timer));
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
