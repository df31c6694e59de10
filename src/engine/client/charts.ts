import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BlockInput } from '../../model/block-task.ts';
import type { Chart, ChartResult } from '../../model/chart.ts';
import type { StoredOutput } from '../../model/output.ts';
import type { Block, Pipeline } from '../../model/project.ts';
import type { Run, RunSnapshot } from '../../model/run.ts';
import { messageOf, WandError } from '../../problem/wand-error.ts';
import type { Store } from '../../store/open-store.ts';
import { localOutput } from '../outputs/fetch-output.ts';
import { projectData } from '../project-data.ts';
import { withDataClient } from './read-page.ts';

/** The figures of a pipeline's chart blocks over the outputs of a run, or those of one. What cannot be made says why. */
export const chartsOfRun = async (
  store: Store,
  pipeline: Pipeline,
  snapshot: RunSnapshot | null,
  only?: string,
): Promise<ChartResult[]> => {
  const blocks = pipeline.charts.filter(({ uuid }) => only === undefined || uuid === only);
  const results: ChartResult[] = [];
  for (const block of blocks) results.push(await chartOfBlock(store, block, snapshot));
  return results;
};

const chartOfBlock = async (store: Store, block: Block, snapshot: RunSnapshot | null): Promise<ChartResult> => {
  const { uuid, name, configuration, upstream } = block;
  const type = typeof configuration.chart_type === 'string' ? configuration.chart_type : '';
  const result = { uuid, name, type, block: upstream[0] ?? null };
  try {
    const chart = isCode(block)
      ? await chartOfCode(store, block, snapshot)
      : await chartOfColumns(store, block, snapshot);
    return { ...result, chart, reason: null };
  } catch (error) {
    if (!(error instanceof WandError)) throw error;
    return { ...result, chart: null, reason: `${messageOf(error)}${error.fix ? `; ${error.fix}` : ''}` };
  }
};

/** `x` and `y` name variables of its code, which decorated functions may stand for (mage-format.md 10.1). */
const isCode = ({ configuration }: Block): boolean =>
  configuration.group_by === undefined && (configuration.x !== undefined || configuration.y !== undefined);

const chartOfColumns = (
  store: Store,
  { upstream, configuration }: Block,
  snapshot: RunSnapshot | null,
): Promise<Chart> =>
  withFiles(store, upstream.slice(0, 1), snapshot, async (_run, [input]) => {
    const { chartOfOutput } = await import('../../data/chart/chart.ts');
    return chartOfOutput(input!.outputs[0]!, configuration);
  });

const chartOfCode = (
  store: Store,
  { upstream, configuration, file, language }: Block,
  snapshot: RunSnapshot | null,
): Promise<Chart> =>
  withFiles(store, upstream, snapshot, async (run, inputs) => {
    if (language !== 'python' || file === null) {
      throw new WandError('invalid-chart', `a chart whose code is in ${language} cannot be drawn here`);
    }
    const { runChartCode } = await import('../../blocks/python/run-chart.ts');
    const { chartOfFigures } = await import('../../data/chart/code-chart.ts');
    const { projectPath } = run;
    const { environment } = await projectData(projectPath);
    const workingDirectory = dirname(projectPath);
    const figures = await runChartCode({ file, projectPath, workingDirectory, inputs, configuration }, environment);
    return chartOfFigures(figures, figures.configuration);
  });

/** Outputs of the blocks as files; what is a table of the database is copied into one, which is removed afterwards. */
const withFiles = async <T>(
  store: Store,
  blocks: readonly string[],
  snapshot: RunSnapshot | null,
  work: (run: Run, inputs: BlockInput[]) => Promise<T>,
): Promise<T> => {
  if (blocks.length === 0)
    throw new WandError('invalid-chart', 'the chart has no upstream block whose rows it could show');
  if (!snapshot) throw new WandError('no-output', `${blocks[0]} has not run`);
  const folder = await mkdtemp(join(tmpdir(), 'wand-chart-'));
  try {
    const inputs: BlockInput[] = [];
    for (const uuid of blocks) {
      const block = snapshot.blocks.find((one) => one.uuid === uuid);
      if (!block || block.outputs.length === 0)
        throw new WandError('no-output', `${uuid} of run ${snapshot.run.id} has no rows`);
      const outputs: StoredOutput[] = [];
      for (const output of block.outputs) {
        const path = join(folder, `${inputs.length}-${outputs.length}.parquet`);
        outputs.push(await asFile(await localOutput(store, output), snapshot.run.projectPath, path));
      }
      inputs.push({ block: uuid, blockType: block.blockType, language: block.language, outputs });
    }
    return await work(snapshot.run, inputs);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const asFile = async (output: StoredOutput, projectPath: string, path: string): Promise<StoredOutput> => {
  const { relation } = output;
  if (output.path !== null || !relation) return output;
  const { exportTable } = await import('../../data/export.ts');
  await withDataClient(projectPath, relation.profile, (client) =>
    exportTable(client, relation, {}, { format: 'parquet', path, overwrite: false, table: '' }),
  );
  return { ...output, kind: 'table', path };
};
