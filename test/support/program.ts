import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/home/package-root.ts';
import { testDatabase, urlOf } from './database.ts';

export type ProgramResult = { code: number | null; signal: string | null; stdout: string; stderr: string };

/** The bundled `wand` in surroundings of its own: WAND_HOME, state database, data database, a copy of the sample instance. */
export type Surroundings = {
  /** Folder that holds `projects` and `fixtures`, as in a clone. */
  root: string;
  home: string;
  environment: NodeJS.ProcessEnv;
  wand(args: string[], options?: { environment?: NodeJS.ProcessEnv; directory?: string }): Promise<ProgramResult>;
  /** The same for a command that must succeed: answers its stdout, and throws with all it said if it ends otherwise. */
  ok(args: string[], options?: { environment?: NodeJS.ProcessEnv; directory?: string }): Promise<string>;
  /** Starts it and answers at once. */
  start(args: string[], options?: { environment?: NodeJS.ProcessEnv; directory?: string }): RunningProgram;
  /** The same under another program, such as `ip netns exec NAME`. */
  startIn(
    wrapper: string[],
    args: string[],
    options?: { environment?: NodeJS.ProcessEnv; directory?: string },
  ): RunningProgram;
  close(): Promise<void>;
};

export type RunningProgram = { process: ChildProcess; ended: Promise<ProgramResult>; output(): string };

const program = join(packageRoot(), 'dist', 'main.js');

/** Makes surroundings; `close` ends the background worker and removes everything. */
export const surroundings = async (): Promise<Surroundings> => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'wand program ')));
  const home = join(root, 'home');
  for (const folder of ['projects', 'fixtures'])
    cpSync(join(packageRoot(), folder), join(root, folder), { recursive: true });
  const [state, data] = await Promise.all([testDatabase(), testDatabase()]);
  const { user, password, host, port, database } = data.config;
  writeFileSync(
    join(root, 'projects', '.env'),
    `POSTGRES_DBNAME=${database}\nPOSTGRES_SCHEMA=magic\nPOSTGRES_USER=${user}\nPOSTGRES_PASSWORD=${password}\nPOSTGRES_HOST=${host}\nPOSTGRES_PORT=${port}\n`,
    { mode: 0o600 },
  );
  const environment: NodeJS.ProcessEnv = {
    ...withoutPostgres(process.env),
    WAND_HOME: home,
    WAND_DATABASE_URL: urlOf(state.config),
    WAND_TEST_DATA_URL: urlOf(data.config),
  };
  const started = new Set<ChildProcess>();
  const startIn: Surroundings['startIn'] = (wrapper, args, options = {}) => {
    const [command, ...rest] = [...wrapper, process.execPath, program, ...args];
    const child = spawn(command!, rest, {
      cwd: options.directory ?? root,
      env: { ...environment, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    started.add(child);
    const ended = new Promise<ProgramResult>((resolve) => {
      child.on('close', (code, signal) => {
        started.delete(child);
        resolve({ code, signal, stdout, stderr });
      });
    });
    return { process: child, ended, output: () => stdout + stderr };
  };
  const start: Surroundings['start'] = (args, options) => startIn([], args, options);
  return {
    root,
    home,
    environment,
    start,
    startIn,
    wand: (args, options) => start(args, options).ended,
    ok: async (args, options) => {
      const { code, signal, stdout, stderr } = await start(args, options).ended;
      if (code === 0) return stdout;
      throw new Error(`wand ${args.join(' ')} ended with ${code ?? signal}: ${stdout}${stderr}`);
    },
    close: async () => {
      // What a test that failed has left would wait for a database that is about to go.
      for (const left of started) left.kill('SIGKILL');
      await start(['worker', '--stop']).ended;
      await Promise.all([state.drop(), data.drop()]);
      rmSync(root, { recursive: true, force: true });
    },
  };
};

const withoutPostgres = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(POSTGRES_|PG|NODE_OPTIONS|VITEST)/.test(name)));
