import type { Problem } from '../model/problem.ts';
import type { Block, Pipeline } from '../model/project.ts';
import { blockTypes } from './block-kinds.ts';

/**
 * What Mage runs and wand does not run yet, one warning each, so that nobody learns it in the middle of a run. The list
 * follows `refusalOf` of blocks/execute.ts, and shrinks with it.
 */
export const notYet = (project: string, pipeline: Pipeline): Problem[] => {
  if (pipeline.type !== 'python') return [];
  const warning = ({ uuid, line }: Block, message: string): Problem => ({
    severity: 'warning',
    project,
    pipeline: pipeline.uuid,
    block: uuid,
    file: pipeline.file,
    line,
    message,
  });
  return [
    ...pipeline.blocks.flatMap((block) => {
      const what = whatOf(block);
      return what === null ? [] : [warning(block, `wand does not run ${what} yet: ${block.uuid} will fail`)];
    }),
  ];
};

const runTypes = new Set(['data_loader', 'transformer', 'data_exporter', 'custom', 'sensor', 'global_data_product']);
const runLanguages = new Set(['sql', 'typescript', 'python']);

const whatOf = ({ type, language }: Block): string | null => {
  // An unknown type is an error of its own.
  if (!runTypes.has(type)) return blockTypes.has(type) ? `blocks of type ${type}` : null;
  return runLanguages.has(language) ? null : `${language} blocks`;
};
