import type { Problem } from '../model/problem.ts';
import type { Block, Pipeline } from '../model/project.ts';
import { blockTypes } from './block-kinds.ts';
import { get } from './json-values.ts';

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
    ...pipeline.conditionals.map((block) =>
      warning(block, `wand does not ask conditionals yet: ${block.uuid} has no effect`),
    ),
    ...pipeline.callbacks.map((block) =>
      warning(block, `wand does not call callbacks yet: ${block.uuid} has no effect`),
    ),
  ];
};

const runTypes = new Set(['data_loader', 'transformer', 'data_exporter', 'custom']);
const runLanguages = new Set(['sql', 'typescript', 'python']);

const whatOf = ({ type, language, configuration }: Block): string | null => {
  const isSqlSensor = type === 'sensor' && language === 'sql';
  // An unknown type is an error of its own.
  if (!runTypes.has(type) && !isSqlSensor) return blockTypes.has(type) ? `blocks of type ${type}` : null;
  const dynamic = get(configuration, 'dynamic');
  if (dynamic === true || dynamic === 'true') return 'dynamic blocks';
  return runLanguages.has(language) ? null : `${language} blocks`;
};
