import { dirname } from 'node:path';
import { supplyEmbedded } from '../postgres/embedded/supply.ts';
import { projectEnvironment } from '../secrets/environment.ts';

/** Environment of a project's blocks: the caller's, completed by `.env`, with `POSTGRES_HOST=embedded` made real (decisions.md 9). */
export const executionEnvironment = (
  projectPath: string,
  shell: NodeJS.ProcessEnv = process.env,
): Promise<Record<string, string>> => {
  const { values } = projectEnvironment({ projectPath, instancePath: dirname(projectPath), shell });
  return supplyEmbedded(values);
};
