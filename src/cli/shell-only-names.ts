import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Project } from '../model/project.ts';
import { projectEnvironment } from '../secrets/environment.ts';

/**
 * A background worker has not the caller's shell: names that io_config.yaml reads and only this shell has are named on stderr
 * before a detached run (decisions.md 14).
 */
export const warnAboutShellOnlyNames = (project: Project): void => {
  const file = join(project.path, 'io_config.yaml');
  if (!existsSync(file)) return;
  const wanted = new Set(
    [...readFileSync(file, 'utf8').matchAll(/env_var\(\s*['"](\w+)['"]/g)].map((match) => match[1]!),
  );
  const { originOf } = projectEnvironment({ projectPath: project.path, instancePath: dirname(project.path) });
  const shellOnly = [...wanted].filter((name) => originOf(name) === 'shell');
  if (shellOnly.length === 0) return;
  process.stderr.write(
    `wand: only this shell sets ${shellOnly.join(', ')}: a background worker started from another shell does not see it. Put it into ${join(project.path, '.env')}\n`,
  );
};
