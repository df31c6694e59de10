import { dirname, join } from 'node:path';
import { fileStamp } from '../home/file-stamp.ts';
import type { ConnectionConfig } from '../model/connection-config.ts';
import { supplyEmbedded } from '../postgres/embedded/supply.ts';
import { nameHostOrigin } from '../postgres/host-origin.ts';
import { type IoConfig, readIoConfig } from '../project/io-config.ts';
import { postgresConfig } from '../project/postgres-profile.ts';
import { type Environment, projectEnvironment } from '../secrets/environment.ts';

/** A project's environment and the databases its io_config.yaml names. */
export type ProjectData = {
  /** The caller's, completed by `.env`, with `POSTGRES_HOST=embedded` made real (decisions.md 9). */
  environment: Record<string, string>;
  /** Throws WandError: no such profile, variables that are not set, not Postgres. */
  connection(profile: string): ConnectionConfig;
  /** The profile that screens and commands use when none is named: `dev` if there is one (the course's), else `default`, else the first. */
  defaultProfile(): string;
  /** Names in io_config.yaml, in the order of the file. */
  profiles(): string[];
};

/**
 * Reads `.env` and starts the embedded server if the project asks for it; io_config.yaml is read when a profile is wanted. A file is read
 * again when it has changed, so that the next block sees what was written (both together took 5 ms at the start of every block).
 */
export const projectData = async (
  projectPath: string,
  shell: NodeJS.ProcessEnv = process.env,
): Promise<ProjectData> => {
  const written = writtenEnvironment(projectPath, shell);
  const environment = await suppliedEnvironment(written);
  const config = () => ioConfigOf(projectPath, environment);
  return {
    environment,
    connection: (profile) => nameHostOrigin(postgresConfig(config(), profile), written),
    profiles: () => [...config().profiles.keys()],
    defaultProfile: () => {
      const profiles = [...config().profiles.keys()];
      return ['dev', 'default'].find((name) => profiles.includes(name)) ?? profiles[0] ?? 'default';
    },
  };
};

const environments = new Map<string, { stamp: string; environment: Environment }>();

const writtenEnvironment = (projectPath: string, shell: NodeJS.ProcessEnv): Environment => {
  const instancePath = dirname(projectPath);
  const files = [projectPath, instancePath].map((folder) => fileStamp(join(folder, '.env')));
  const stamp = `${files.join()} ${textOf(shell)}`;
  const known = environments.get(projectPath);
  if (known?.stamp === stamp) return known.environment;
  const environment = projectEnvironment({ projectPath, instancePath, shell });
  environments.set(projectPath, { stamp, environment });
  return environment;
};

/** A process changes its own environment when it starts, if at all: to look at all of it took 0.06 ms of each block. Milliseconds. */
const lookAgainAfter = 1_000;
let own = { text: '', since: Number.NEGATIVE_INFINITY };

const textOf = (shell: NodeJS.ProcessEnv): string => {
  if (shell !== process.env) return JSON.stringify(shell);
  if (performance.now() - own.since > lookAgainAfter) own = { text: JSON.stringify(shell), since: performance.now() };
  return own.text;
};

const supplied = new WeakMap<Environment, Record<string, string>>();

/** The same object as long as nothing changes, so that what is made of it can be kept by it. */
const suppliedEnvironment = async (written: Environment): Promise<Record<string, string>> => {
  // With the embedded server each block makes sure that it runs.
  const values = await supplyEmbedded(written.values);
  const known = supplied.get(written);
  if (known && (values === written.values || isEqual(known, values))) return known;
  supplied.set(written, values);
  return values;
};

const isEqual = (one: Record<string, string>, other: Record<string, string>): boolean =>
  ['HOST', 'PORT', 'USER', 'PASSWORD', 'DBNAME'].every((key) => one[`POSTGRES_${key}`] === other[`POSTGRES_${key}`]);

const ioConfigs = new Map<string, { stamp: string; environment: Record<string, string>; config: IoConfig }>();

const ioConfigOf = (projectPath: string, environment: Record<string, string>): IoConfig => {
  const stamp = fileStamp(join(projectPath, 'io_config.yaml'));
  const known = ioConfigs.get(projectPath);
  if (known && known.stamp === stamp && known.environment === environment) return known.config;
  const config = readIoConfig(projectPath, environment);
  ioConfigs.set(projectPath, { stamp, environment, config });
  return config;
};
