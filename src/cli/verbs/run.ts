import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ensureWorker } from '../../engine/client/ensure-worker.ts';
import type { EngineClient } from '../../engine/client/open-client.ts';
import { planRun } from '../../engine/client/plan-run.ts';
import { type CodeOf, type PartialSelection, type RunRequest, startRun } from '../../engine/client/start-run.ts';
import type { Pipeline, Project } from '../../model/project.ts';
import { WandError } from '../../problem/wand-error.ts';
import { readSnapshot } from '../../store/queries/read-runs.ts';
import { runInForeground } from '../foreground-run.ts';
import { openPipeline } from '../open-instance.ts';
import { parseDate, parseVariables } from '../parse-variables.ts';
import { printPlan } from '../print-plan.ts';
import { printSnapshot } from '../print-snapshot.ts';
import { printJson } from '../print-table.ts';
import { namesFile, runFile } from '../run-file.ts';
import { shapeOfSnapshot } from '../shapes/run.ts';
import { warnAboutShellOnlyNames } from '../shell-only-names.ts';
import { runs, type SharedOptions } from '../verb.ts';
import { withClient } from '../with-client.ts';

type RunOptions = SharedOptions & {
  block?: string;
  from?: string;
  upto?: string;
  failed?: boolean;
  run?: string;
  code?: string;
  pipeline?: string;
  input: string[];
  var: string[];
  date?: string;
  retries?: string;
  detach?: boolean;
  dryRun?: boolean;
  tests: boolean;
};

/** `wand run PIPELINE`: runs a pipeline, or a part of it, and shows its progress. */
export const addRunVerb = (program: Command): void => {
  const command = program
    .command('run')
    .description('run a pipeline, or a part of it as a new run')
    .argument('<pipeline...>', "PIPELINE, PROJECT/PIPELINE, a block's file, or PROJECT_DIR PIPELINE as in `mage run`")
    .option('--block <block>', 'only this block; what it needs comes from an earlier run')
    .option('--from <block>', 'this block and all below it')
    .option('--upto <block>', 'this block and all above it')
    .option('--failed', 'what did not complete in the last run')
    .option(
      '--run <run>',
      'run to build on (default: the last that has the outputs); alone: all of it again, with its date and variables',
    )
    .option('--code <when>', 'code of a partial run: `now` (default), or `then` as the run it builds on had it')
    .option('--var <name=value>', 'a run variable; may be given several times', collect, [])
    .option('--date <date>', 'execution date (default: now; UTC)')
    .option('-p, --pipeline <pipeline>', "of a block's file: pipeline whose settings and inputs it gets")
    .option('--input <n=file>', "of a block's file: an input from a CSV, Parquet or JSON file; repeatable", collect, [])
    .option('--retries <n>', 'retries of every block, whatever its retry_config says')
    .option('--detach', 'leave the run to a background worker and return at once')
    .option('--dry-run', 'show what would run, what would be reused and what would be written')
    .option('--no-tests', 'do not run the @test functions of the blocks')
    .addHelpText(
      'after',
      '\nExample:\n  $ wand run yellow_taxi --var source=trips.csv.gz\n  $ wand run yellow_taxi --from clean_trips --json\n  $ wand run transformers/clean_trips.ts --input 1=trips.csv',
    );
  runs<RunOptions>(command, ({ arguments: names, options }) => withClient((client) => runVerb(client, names, options)));
};

const collect = (value: string, values: string[]): string[] => [...values, value];

const runVerb = async (client: EngineClient, names: string[], options: RunOptions): Promise<number> => {
  const [first = ''] = names;
  if (names.length === 1 && namesFile(first)) return runFile(client, first, options, fileRequestOf(options));
  refuseFileOptions(options);
  const { project, pipeline } = resolveNames(names, options.directory);
  const request: RunRequest = {
    project,
    pipeline,
    trigger: 'command line',
    variables: parseVariables(options.var),
    executionDate: options.date ? parseDate(options.date) : undefined,
    settings: { retries: parseRetries(options.retries), runTests: options.tests },
    selection: selectionOf(options),
    runId: options.run,
    code: parseCode(options.code),
  };
  if (options.dryRun) return printPlan(await planRun(client, request), options.json ?? false);
  if (options.detach) return detach(client, request, options);
  const { snapshot, interrupted } = await runInForeground(client, request);
  if (options.json) printJson(shapeOfSnapshot(snapshot));
  if (interrupted) return 130;
  return snapshot.run.status === 'completed' ? 0 : 1;
};

/** What a file run takes of the options; the rest is about pipelines. */
const fileRequestOf = (options: RunOptions) => {
  const wrong = (['block', 'from', 'upto', 'failed', 'run', 'code'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (wrong) throw new WandError('bad-usage', `--${wrong} is for pipelines, not for a block's file`);
  return {
    pipeline: options.pipeline,
    variables: parseVariables(options.var),
    executionDate: options.date ? parseDate(options.date) : undefined,
    settings: { retries: parseRetries(options.retries), runTests: options.tests },
  };
};

const refuseFileOptions = ({ pipeline, input }: RunOptions): void => {
  if (pipeline === undefined && input.length === 0) return;
  throw new WandError('bad-usage', `${input.length > 0 ? '--input' : '--pipeline'} is for running a block's file`, {
    fix: 'wand run PATH/TO/BLOCK.sql --input 1=FILE',
  });
};

const detach = async (client: EngineClient, request: RunRequest, options: RunOptions): Promise<number> => {
  warnAboutShellOnlyNames(request.project);
  const id = await startRun(client, request);
  const snapshot = (await readSnapshot(client.store.pool, id))!;
  await ensureWorker(client);
  if (options.json) printJson(shapeOfSnapshot({ ...snapshot, run: { ...snapshot.run, status: 'initial' } }));
  else printSnapshot(snapshot, `wand show ${id} · wand logs ${id} -f`);
  return 0;
};

/** `PIPELINE`, or `PROJECT_DIR PIPELINE` (the argument order of `mage run`). */
const resolveNames = (names: string[], directory: string | undefined): { project: Project; pipeline: Pipeline } => {
  const [first = '', second] = names;
  if (names.length > 2) {
    throw new WandError('bad-usage', `wand run takes one pipeline, not ${names.length} names`, {
      fix: 'wand run --help',
    });
  }
  if (second !== undefined) {
    if (existsSync(join(first, 'metadata.yaml'))) return openPipeline(second, first);
    throw new WandError('not-a-project', `${first} is no project folder: it has no metadata.yaml`, {
      fix: 'wand run PROJECT_DIR PIPELINE, or wand run PIPELINE',
    });
  }
  return openPipeline(first, directory);
};

const selectionOf = (options: RunOptions): PartialSelection | undefined => {
  const given = [options.block, options.from, options.upto, options.failed].filter((value) => value !== undefined);
  if (given.length > 1) {
    throw new WandError('bad-usage', '--block, --from, --upto and --failed exclude each other', {
      fix: 'give one of them',
    });
  }
  if (options.block !== undefined) return { block: options.block };
  if (options.from !== undefined) return { from: options.from };
  if (options.upto !== undefined) return { upto: options.upto };
  return options.failed ? { failed: true } : undefined;
};

const parseCode = (text: string | undefined): CodeOf | undefined => {
  if (text === undefined || text === 'then' || text === 'now') return text;
  throw new WandError('bad-usage', `--code ${text}: expected \`then\` or \`now\``);
};

const parseRetries = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  if (!/^\d{1,4}$/.test(text)) throw new WandError('bad-usage', `--retries ${text}: expected a whole number`);
  return Number(text);
};
