import { dirname } from 'node:path';
import type { ConnectionConfig } from '../model/connection-config.ts';
import { supplyEmbedded } from '../postgres/embedded/supply.ts';
import { nameHostOrigin } from '../postgres/host-origin.ts';
import { readIoConfig } from '../project/io-config.ts';
import { postgresConfig } from '../project/postgres-profile.ts';
import { projectEnvironment } from '../secrets/environment.ts';

/** A project's environment and the databases its io_config.yaml names. */
export type ProjectData = {
  /** The caller's, completed by `.env`, with `POSTGRES_HOST=embedded` made real (decisions.md 9). */
  environment: Record<string, string>;
  /** Throws WandError: no such profile, variables that are not set, not Postgres. */
  connection(profile: string): ConnectionConfig;
  /** The profile that screens and commands use when none is named: `dev` if there is one (the course's), else `default`, else the first. */
  defaultProfile(): string;
};

/** Reads `.env` and starts the embedded server if the project asks for it; io_config.yaml is read when a profile is wanted. */
export const projectData = async (
  projectPath: string,
  shell: NodeJS.ProcessEnv = process.env,
): Promise<ProjectData> => {
  const written = projectEnvironment({ projectPath, instancePath: dirname(projectPath), shell });
  const environment = await supplyEmbedded(written.values);
  const config = () => readIoConfig(projectPath, environment);
  return {
    environment,
    connection: (profile) => nameHostOrigin(postgresConfig(config(), profile), written),
    defaultProfile: () => {
      const profiles = [...config().profiles.keys()];
      return ['dev', 'default'].find((name) => profiles.includes(name)) ?? profiles[0] ?? 'default';
    },
  };
};
