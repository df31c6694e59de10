import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChartResult } from '../../model/chart.ts';
import type { StoredOutput } from '../../model/output.ts';
import type { Block, Pipeline } from '../../model/project.ts';
import type { RunSnapshot } from '../../model/run.ts';
import { messageOf, WandError } from '../../problem/wand-error.ts';
import { withDataClient } from './read-page.ts';

/** The figures of a pipeline's chart blocks over the outputs of a run, or those of one. What cannot be made says why. */
export const chartsOfRun = async (
  pipeline: Pipeline,
  snapshot: RunSnapshot | null,
  only?: string,
): Promise<ChartResult[]> => {
  const blocks = pipeline.charts.filter(({ uuid }) => only === undefined || uuid === only);
  const results: ChartResult[] = [];
  for (const block of blocks) results.push(await chartOfBlock(block, snapshot));
  return results;
};

const chartOfBlock = async (block: Block, snapshot: RunSnapshot | null): Promise<ChartResult> => {
  const { uuid, name, configuration, upstream } = block;
  const type = typeof configuration.chart_type === 'string' ? configuration.chart_type : '';
  const result = { uuid, name, type, block: upstream[0] ?? null };
  try {
    const chart = await withOutput(outputOf(block, snapshot), snapshot!.run.projectPath, async (output) => {
      const { chartOfOutput } = await import('../../data/chart/chart.ts');
      return chartOfOutput(output, configuration);
    });
    return { ...result, chart, reason: null };
  } catch (error) {
    if (!(error instanceof WandError)) throw error;
    return { ...result, chart: null, reason: `${messageOf(error)}${error.fix ? `; ${error.fix}` : ''}` };
  }
};

const outputOf = ({ upstream, configuration }: Block, snapshot: RunSnapshot | null): StoredOutput => {
  const [of] = upstream;
  if (of === undefined)
    throw new WandError('invalid-chart', 'the chart has no upstream block whose rows it could show');
  if (configuration.group_by === undefined && (configuration.x !== undefined || configuration.y !== undefined)) {
    throw new WandError('chart-is-code', 'the chart computes its values in code, which is not run here', {
      fix: 'a chart that is configured by group_by and metrics is drawn',
    });
  }
  const output = snapshot?.blocks.find(({ uuid }) => uuid === of)?.outputs[0];
  if (output) return output;
  throw new WandError('no-output', snapshot ? `${of} of run ${snapshot.run.id} has no rows` : `${of} has not run`);
};

/** An output as a file; what it is a table of the database, its rows are copied into one that is removed afterwards. */
const withOutput = async <T>(
  output: StoredOutput,
  projectPath: string,
  work: (output: StoredOutput) => Promise<T>,
): Promise<T> => {
  const { relation } = output;
  if (output.path !== null || !relation) return work(output);
  const folder = await mkdtemp(join(tmpdir(), 'wand-chart-'));
  try {
    const path = join(folder, 'rows.parquet');
    const { exportTable } = await import('../../data/export.ts');
    await withDataClient(projectPath, relation.profile, (client) =>
      exportTable(client, relation, {}, { format: 'parquet', path, overwrite: false, table: '' }),
    );
    return await work({ ...output, kind: 'table', path });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
