import type { Command } from 'commander';
import { buildGraph, topologicalOrder } from '../../graph/graph.ts';
import { openPipeline } from '../open-instance.ts';
import { printJson } from '../print-table.ts';
import { runs } from '../verb.ts';

/** `wand graph PIPELINE`: the blocks and their edges, drawn. */
export const addGraphVerb = (program: Command): void => {
  const command = program
    .command('graph')
    .description("draw a pipeline's graph")
    .argument('<pipeline>', 'PIPELINE or PROJECT/PIPELINE')
    .option('--ascii', 'ASCII characters only')
    .addHelpText('after', '\nExample:\n  $ wand graph yellow_taxi');
  runs<{ ascii?: boolean }>(command, async ({ arguments: [name = ''], options }) => {
    const { project, pipeline } = openPipeline(name, options.directory);
    const graph = buildGraph(pipeline.blocks.map(({ uuid, upstream }) => ({ id: uuid, upstream })));
    const order = topologicalOrder(graph);
    if (options.json) {
      const blocks = order.map((uuid) => pipeline.blocks.find((block) => block.uuid === uuid)!);
      return printJson({
        version: 1,
        project: project.uuid,
        pipeline: pipeline.uuid,
        blocks: blocks.map(({ uuid, type, language, upstream, downstream }) => ({
          uuid,
          type,
          language,
          upstream,
          downstream,
        })),
      });
    }
    const { graphText } = await import('../graph-text.ts');
    const lines = graphText(pipeline, { ascii: options.ascii ?? false, width: process.stdout.columns ?? 120 });
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  });
};
