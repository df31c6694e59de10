import { projectData } from '../engine/project-data.ts';
import type { ConnectionConfig } from '../model/connection-config.ts';
import { databaseUrl } from '../postgres/database-url.ts';
import { WandError } from '../problem/wand-error.ts';
import { findInstance, readInstance } from '../project/instance.ts';

/**
 * The data database of the current project, by its default profile. In an instance where no project is preferred, that of all its
 * projects, if they agree. Throws WandError `ambiguous-project`, and what the config itself throws.
 */
export const dataDatabase = async (directory: string | undefined): Promise<ConnectionConfig> => {
  const { instance, project } = findInstance(directory ?? process.cwd());
  const paths = project ? [project] : readInstance(instance).projects.map(({ path }) => path);
  const configs: ConnectionConfig[] = [];
  for (const path of paths) configs.push(await defaultConnection(path));
  const [first] = configs;
  if (first && new Set(configs.map((config) => databaseUrl(config, { mask: false }))).size === 1) return first;
  throw new WandError('ambiguous-project', `The projects of ${instance} use different databases.`, {
    fix: `Name one with -C: ${paths.join(', ')}.`,
  });
};

const defaultConnection = async (projectPath: string): Promise<ConnectionConfig> => {
  const data = await projectData(projectPath);
  return data.connection(data.defaultProfile());
};
