import { spawn } from 'node:child_process';
import { createLineReader } from '../child/line-reader.ts';

export type ToolResult = { code: number; output: string };

/** Runs an installer and hands on its lines; answers exit code and whole output. It gets no input, so it can ask nothing. */
export const runTool = (
  command: string,
  args: string[],
  { environment, log }: { environment: Record<string, string | undefined>; log?: (line: string) => void },
): Promise<ToolResult> =>
  new Promise((resolve, reject) => {
    const lines: string[] = [];
    const child = spawn(command, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      const reader = createLineReader((line) => {
        lines.push(line);
        if (line.trim()) log?.(line);
      });
      stream.on('data', (chunk: Buffer) => reader.push(chunk));
      stream.on('close', () => reader.end());
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output: lines.join('\n') }));
  });
