import { pathText } from './json-path.ts';
import type { CaseVerdict, StepVerdict } from './judge.ts';
import { races } from './races.ts';
import type { ConformanceCase, Difference } from './types.ts';

/** Parts of a step that blocks write beside their outputs. */
const written = new Set(['tables_after', 'tables_unchanged']);

/**
 * Whether all that differs in a case can be so only because other siblings of a failed block were done: what blocks write beside their outputs
 * in that step and in later ones, and those siblings themselves in a later step that goes on with a run of the same pipeline, or repeats it.
 * So are the races between blocks without an edge that `races.ts` names.
 */
export const isByChance = (
  { file, name }: Pick<ConformanceCase, 'file' | 'name'>,
  { steps, files }: CaseVerdict,
): boolean =>
  files.verdict !== 'different' &&
  steps.every(({ pipeline, result }, index) => {
    const cast = steps.slice(0, index + 1).some(({ chance }) => chance.length > 0);
    const step = file.steps?.[index];
    const goesOn = step?.retry !== undefined || step?.rerun !== undefined;
    const earlier = steps.slice(0, index).filter((other) => goesOn && other.pipeline === pipeline);
    const siblings = new Set(earlier.flatMap(({ chance }) => chance));
    return differencesOf(result).every(({ path }) => {
      if (races[name]?.some((race) => race.path === pathText(path))) return true;
      const [part, uuid] = path;
      return part === 'blocks' ? siblings.has(String(uuid)) : cast && written.has(String(part));
    });
  });

const differencesOf = (result: StepVerdict): Difference[] => (result.verdict === 'different' ? result.differences : []);
