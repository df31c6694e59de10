import { readIoConfig } from '../../project/io-config.ts';
import { executionEnvironment } from '../execution-environment.ts';

/** The profile that commands use when none is named: `dev` if the project has it (the course's), else `default`, else the first. */
export const defaultProfile = async (projectPath: string): Promise<string> => {
  const { profiles: known } = readIoConfig(projectPath, await executionEnvironment(projectPath));
  const profiles = [...known.keys()];
  return ['dev', 'default'].find((name) => profiles.includes(name)) ?? profiles[0] ?? 'default';
};
