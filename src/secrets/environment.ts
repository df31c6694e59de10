import { join } from 'node:path';
import { readEnvFile } from './env-file.ts';

/** Variables as blocks and templates of a project see them, and where each came from. */
export type Environment = {
  values: Record<string, string>;
  /** `shell`, or the path of the `.env` file; null for a variable that is not set. */
  originOf(name: string): string | null;
};

/**
 * The shell's variables, completed by the project's `.env`, then by the instance's (decisions.md 9): a file never overrides
 * what the shell has set, not even to nothing. Throws WandError `env-unreadable`.
 */
export const projectEnvironment = ({
  projectPath,
  instancePath,
  shell = process.env,
}: {
  projectPath: string | null;
  instancePath: string | null;
  shell?: NodeJS.ProcessEnv;
}): Environment => {
  const folders = [...new Set([projectPath, instancePath].filter((folder) => folder !== null))];
  const sources = [
    { origin: 'shell', values: definedOnly(shell) },
    ...folders.map((folder) => join(folder, '.env')).map((file) => ({ origin: file, values: readEnvFile(file) })),
  ];
  return {
    values: Object.assign({}, ...sources.toReversed().map(({ values }) => values)),
    originOf: (name) => sources.find(({ values }) => Object.hasOwn(values, name))?.origin ?? null,
  };
};

const definedOnly = (shell: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(shell).filter((entry): entry is [string, string] => entry[1] !== undefined));
