import { profileColumns } from '../engine/client/profile.ts';
import type { StoredOutput } from '../model/output.ts';
import { WandError } from '../problem/wand-error.ts';
import type { DataDoor, DataTarget } from './data-door.ts';
import { typedFile } from './ui-file.ts';

type FindOutput = (
  runId: string,
  block: string,
  name: string,
) => Promise<{ projectPath: string; output: StoredOutput }>;

/** The door to the real outputs and databases. */
export const liveData = (findOutput: FindOutput): DataDoor => {
  const sourceOf = async (target: DataTarget) => {
    if (target.kind === 'table') return { projectPath: target.projectPath, source: target.table };
    const { projectPath, output } = await findOutput(target.runId, target.block, target.output);
    return { projectPath, source: output };
  };
  return {
    typed: typedFile(),
    profile: async (target, column, choice) => {
      const { projectPath, source } = await sourceOf(target);
      const [profile] = await profileColumns(projectPath, source, { ...choice, columns: [column] });
      if (profile) return profile;
      throw new WandError('unknown-column', `there is no column ${column}`);
    },
  };
};
