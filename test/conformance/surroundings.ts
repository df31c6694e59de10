import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { ConnectionConfig } from '../../src/model/connection-config.ts';
import { connectClient } from '../../src/postgres/connect.ts';
import { testDatabase } from '../support/database.ts';
import { type FilesServer, serveFiles } from './files-server.ts';
import { place } from './scrub.ts';
import type { ConformanceCase } from './types.ts';

/** Where a case runs: a copy of its project, a fresh data database, its files on loopback, its environment. */
export type Surroundings = {
  /** Working directory: parent of the project's copy. */
  work: string;
  projectPath: string;
  database: ConnectionConfig;
  environment: Record<string, string>;
  /** Texts of this machine and their placeholders. */
  pairs: [string, string][];
  /** Files that the steps made or changed. */
  touchedFiles(): { created: string[]; changed: string[] };
  remove(): Promise<void>;
};

export const prepareSurroundings = async ({ folder, file }: ConformanceCase): Promise<Surroundings> => {
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'conformance-')));
  const projectName = file.project_name ?? 'project';
  const projectPath = join(work, projectName);
  cpSync(join(folder, 'project'), projectPath, { recursive: true });
  const database = await testDatabase();
  const server = existsSync(join(folder, 'files')) ? await serveFiles(join(folder, 'files')) : null;
  if (file.setup_sql) await execute(database.config, file.setup_sql);
  return {
    work,
    projectPath,
    database: database.config,
    environment: environmentOf(file, { work, database: database.config, server }),
    pairs: [
      [projectPath, place('PROJECT')],
      [work, place('WORK')],
      [database.config.database, place('POSTGRES_DBNAME')],
      [server?.url ?? '', place('FILES_URL')],
      [`port ${database.config.port}`, `port ${place('POSTGRES_PORT')}`],
    ],
    touchedFiles: () => touchedFiles(work, join(folder, 'project'), projectName),
    remove: async () => {
      await server?.close();
      await database.drop();
      rmSync(work, { recursive: true, force: true });
    },
  };
};

const execute = async (config: ConnectionConfig, sql: string): Promise<void> => {
  const client = await connectClient(config, { applicationName: 'conformance' });
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};

type Given = { work: string; database: ConnectionConfig; server: FilesServer | null };

/** This process's environment without what the pack sets or Mage reads, then the pack's, then the case's own. */
const environmentOf = (file: ConformanceCase['file'], { work, database, server }: Given): Record<string, string> => {
  const foreign = /^(MAGE_|POSTGRES_|PG|ENV$|CONFORMANCE_)/;
  const inherited = Object.entries(process.env).filter(([name, value]) => value !== undefined && !foreign.test(name));
  const environment: Record<string, string> = {
    ...(Object.fromEntries(inherited) as Record<string, string>),
    TZ: 'UTC',
    POSTGRES_DBNAME: database.database,
    POSTGRES_SCHEMA: 'public',
    POSTGRES_USER: database.user,
    POSTGRES_PASSWORD: database.password,
    POSTGRES_HOST: database.host,
    POSTGRES_PORT: String(database.port),
    STATE_DIR: work,
    // As the recorder shortened the sleep of sensors.
    WAND_SENSOR_INTERVAL: '0.2',
    ...(server ? { FILES_URL: server.url } : {}),
    ...Object.fromEntries(Object.entries(file.env ?? {}).map(([name, value]) => [name, String(value)])),
  };
  for (const name of file.unset_env ?? []) delete environment[name];
  return environment;
};

const touchedFiles = (work: string, pristine: string, projectName: string) => {
  const original = new Set(filesBelow(pristine).map((path) => join(projectName, path)));
  const now = filesBelow(work);
  const isChanged = (path: string): boolean =>
    !readFileSync(join(work, path)).equals(readFileSync(join(pristine, relative(projectName, path))));
  return {
    created: now.filter((path) => !original.has(path)),
    changed: [...original].filter((path) => !now.includes(path) || isChanged(path)).sort(),
  };
};

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

/** Runs `work` with an environment of its own: blocks of an in-process worker inherit this process's. */
export const withEnvironment = async <Result>(
  environment: Record<string, string>,
  work: () => Promise<Result>,
): Promise<Result> => {
  const before = { ...process.env };
  const set = (values: NodeJS.ProcessEnv): void => {
    for (const name of Object.keys(process.env)) if (!Object.hasOwn(values, name)) delete process.env[name];
    Object.assign(process.env, values);
  };
  set(environment);
  try {
    return await work();
  } finally {
    set(before);
  }
};
