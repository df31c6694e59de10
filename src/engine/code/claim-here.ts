import { existsSync } from 'node:fs';
import { sep } from 'node:path';
import type { AttachedBlock, AttemptResult, CodePlace } from '../../model/block-task.ts';
import type { Store } from '../../store/open-store.ts';
import type { Claim } from '../claim.ts';
import { codePlace } from './code-place.ts';

/** A claim as this host can run it, where its code is read, and how what it says is shown. */
export type ClaimHere = { claim: Claim; code?: CodePlace; shown(result: AttemptResult): AttemptResult };

/**
 * Where the project's folder is there, its blocks run in it and read their code from the run's snapshot. On a host that does not have the folder
 * the snapshot stands in for it, and messages are led back to the path that the user knows.
 */
export const claimHere = async (claim: Claim, store: Store): Promise<ClaimHere> => {
  const { code: hash } = claim.settings;
  if (hash === undefined) return { claim, shown: (result) => result };
  const snapshot = await codePlace(store, hash);
  const project = claim.projectPath;
  if (existsSync(project)) return { claim, code: { project, snapshot }, shown: (result) => result };
  const move = (file: string): string =>
    file.startsWith(project + sep) ? `${snapshot}${file.slice(project.length)}` : file;
  return { claim: movedClaim(claim, snapshot, move), shown: (result) => shownAs(result, snapshot, project) };
};

const movedClaim = (claim: Claim, projectPath: string, move: (file: string) => string): Claim => {
  const { definition } = claim;
  const moved = (list: AttachedBlock[] | undefined) => list?.map((it) => ({ ...it, file: move(it.file) }));
  return {
    ...claim,
    projectPath,
    projectHome: claim.projectPath,
    definition: {
      ...definition,
      file: definition.file === null ? null : move(definition.file),
      ...(definition.conditionals ? { conditionals: moved(definition.conditionals) } : {}),
      ...(definition.callbacks ? { callbacks: moved(definition.callbacks) } : {}),
    },
    inputs: claim.inputs.map((input) => (input.file ? { ...input, file: move(input.file) } : input)),
  };
};

const shownAs = (result: AttemptResult, from: string, to: string): AttemptResult => {
  if (result.status !== 'failed') return result;
  const { error } = result;
  const show = <Text extends string | null>(text: Text): Text => (text?.replaceAll(from, to) ?? null) as Text;
  return {
    ...result,
    error: { ...error, message: show(error.message), file: show(error.file), traceback: show(error.traceback) },
  };
};
