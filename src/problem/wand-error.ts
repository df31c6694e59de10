import type { Problem } from '../model/problem.ts';

/** Exit codes of the command line (product.md): 1 run failed, 2 wrong usage or invalid project, 3 database out of reach. */
export type ExitCode = 1 | 2 | 3;

export type WandErrorDetails = Pick<Problem, 'file' | 'line' | 'fix'> & { cause?: unknown; exitCode?: ExitCode };

/**
 * An error meant for a person: one message that names the thing, and the way out in `fix`.
 * `code` is stable kebab-case for scripts, such as `pipeline-not-found`.
 */
export class WandError extends Error {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly fix: string | undefined;

  constructor(code: string, message: string, details: WandErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'WandError';
    this.code = code;
    this.exitCode = details.exitCode ?? 2;
    this.file = details.file;
    this.line = details.line;
    this.fix = details.fix;
  }
}

/** The message of whatever was thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
