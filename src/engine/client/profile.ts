import type { ProfileOptions } from '../../data/profile.ts';
import type { RelationReference, StoredOutput } from '../../model/output.ts';
import type { ColumnProfile } from '../../model/profile.ts';
import { withDataClient } from './read-page.ts';

/** Profiles columns of an output, from its file or the table it refers to, or of a table. */
export const profileColumns = async (
  projectPath: string,
  source: StoredOutput | (Omit<RelationReference, 'profile'> & { profile?: string }),
  options: ProfileOptions,
): Promise<ColumnProfile[]> => {
  const { profileOutput, profileTable } = await import('../../data/profile.ts');
  // A table in a list has a kind too.
  if (!('path' in source)) {
    return withDataClient(projectPath, source.profile, (client) => profileTable(client, source, options));
  }
  const { path, relation } = source;
  if (path !== null || !relation) return profileOutput(source, options);
  return withDataClient(projectPath, relation.profile, (client) => profileTable(client, relation, options));
};
