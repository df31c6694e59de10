import type { Command } from 'commander';
import type { z } from 'zod';
import { drawChart } from '../../draw/chart/draw-chart.ts';
import { displayText } from '../../draw/text-width.ts';
import { createTheme } from '../../draw/theme.ts';
import { chartsOfRun } from '../../engine/client/charts.ts';
import type { EngineClient } from '../../engine/client/open-client.ts';
import type { ChartResult } from '../../model/chart.ts';
import type { Pipeline, Project } from '../../model/project.ts';
import type { RunSnapshot } from '../../model/run.ts';
import { WandError } from '../../problem/wand-error.ts';
import { listRuns, readSnapshot } from '../../store/queries/read-runs.ts';
import { openPipeline } from '../open-instance.ts';
import { printJson } from '../print-table.ts';
import { requireRun } from '../require-run.ts';
import type { chartsShape } from '../shapes/chart.ts';
import { runs, type SharedOptions } from '../verb.ts';
import { withClient } from '../with-client.ts';

type ChartOptions = SharedOptions & { run?: string; ascii?: boolean };

/** `wand chart PIPELINE [CHART]`: the pipeline's chart blocks over the outputs of a run, drawn or as figures. */
export const addChartVerb = (program: Command): void => {
  const command = program
    .command('chart')
    .description("draw a pipeline's chart blocks over the outputs of a run")
    .argument('<pipeline>', 'PIPELINE or PROJECT/PIPELINE')
    .argument('[chart]', 'only this chart block')
    .option('--run <run>', 'id of the run (default: the last completed one)')
    .option('--ascii', 'ASCII characters only')
    .addHelpText('after', '\nExample:\n  $ wand chart yellow_taxi borough_chart');
  runs<ChartOptions>(command, async ({ arguments: [name = '', chart], options }) => {
    const { project, pipeline } = openPipeline(name, options.directory);
    requireChart(pipeline, chart);
    await withClient(async (client) => {
      const snapshot = options.run ? await requireRun(client, options.run) : await lastRun(client, project, pipeline);
      const charts = await chartsOfRun(client.store, pipeline, snapshot, chart);
      const run = snapshot?.run.id ?? null;
      if (options.json)
        printJson({ version: 1, pipeline: pipeline.uuid, run, charts } satisfies z.infer<typeof chartsShape>);
      else process.stdout.write(chartsText(charts, options.ascii ?? false));
    });
  });
};

const requireChart = ({ uuid, charts }: Pipeline, wanted: string | undefined): void => {
  if (wanted === undefined ? charts.length > 0 : charts.some((chart) => chart.uuid === wanted)) return;
  const what = wanted === undefined ? 'no chart blocks' : `no chart block ${wanted}`;
  throw new WandError('no-chart', `${uuid} has ${what}`, {
    fix: charts.length > 0 ? `it has: ${charts.map((chart) => chart.uuid).join(', ')}` : 'wand profile draws columns',
  });
};

const lastRun = async (client: EngineClient, { path }: Project, { uuid }: Pipeline): Promise<RunSnapshot | null> => {
  const found = await listRuns(client.store.pool, { projectPath: path, pipeline: uuid, limit: 100 });
  const last = found.find(({ status }) => status === 'completed') ?? found[0];
  return last ? readSnapshot(client.store.pool, last.id) : null;
};

const chartsText = (charts: readonly ChartResult[], ascii: boolean): string => {
  const theme = createTheme({ name: 'mono', ascii });
  const width = process.stdout.columns ?? 100;
  const lines = charts.flatMap(({ uuid, type, block, chart, reason }, index) => [
    ...(index > 0 ? [''] : []),
    displayText(`${uuid}  ${type}${block ? ` of ${block}` : ''}`),
    ...(chart
      ? drawChart(chart, width, theme).map((spans) =>
          spans
            .map(({ text }) => text)
            .join('')
            .trimEnd(),
        )
      : [`  ${displayText(reason ?? '')}`]),
  ]);
  return lines.map((line) => `${line}\n`).join('');
};
