import type { Command } from 'commander';
import { becomeSupervisor, stopSupervisor } from '../../engine/supervisor.ts';
import { defaultConcurrency } from '../../engine/worker.ts';
import { WandError } from '../../problem/wand-error.ts';
import { isWorkerTag } from '../../project/read-block.ts';
import { serve } from '../serve-worker.ts';
import { runs } from '../verb.ts';

type WorkerOptions = { concurrency?: string; tag: string[]; supervised?: boolean; kept?: boolean; stop?: boolean };

/** `wand worker`: takes blocks of background runs until it is stopped. */
export const addWorkerVerb = (program: Command): void => {
  const command = program
    .command('worker')
    .description('run blocks of background runs; start more of them, on more hosts, with the same WAND_DATABASE_URL')
    .option('--concurrency <n>', 'blocks at once (default: the cores of this host, at least 4)')
    .option(
      '--tag <tag>',
      'also run blocks that ask for this tag (executor_config.worker_tags); may be given several times',
      collect,
      [],
    )
    .option('--supervised', 'leave when idle: how wand starts its own background worker')
    .option('--kept', 'without a supervisor of its own: how a supervisor starts it')
    .option('--stop', "end this host's own background worker; its blocks go to others")
    .addHelpText(
      'after',
      '\nExample:\n  $ WAND_DATABASE_URL=postgres://wand@db.example.org/wand wand worker --concurrency 4',
    );
  runs<WorkerOptions>(command, ({ options }) => {
    if (options.stop) return stopBackgroundWorker();
    const concurrency = concurrencyOf(options.concurrency);
    const tags = tagsOf(options.tag);
    if (!options.supervised && !options.kept) becomeSupervisor(argumentsOf(concurrency, tags));
    return serve({ concurrency, tags, supervised: options.supervised ?? false });
  });
};

const stopBackgroundWorker = async (): Promise<void> => {
  const stopped = await stopSupervisor();
  process.stderr.write(stopped ? 'the background worker is stopped\n' : 'no background worker was running\n');
};

const collect = (value: string, values: string[]): string[] => [...values, value];

const argumentsOf = (concurrency: number, tags: string[]): string[] => [
  '--concurrency',
  String(concurrency),
  ...tags.flatMap((tag) => ['--tag', tag]),
];

const tagsOf = (tags: string[]): string[] => {
  const wrong = tags.find((tag) => !isWorkerTag(tag));
  if (wrong === undefined) return [...new Set(tags)].toSorted();
  throw new WandError('bad-usage', `--tag ${wrong}: a tag is a word of letters, digits, _ . : and -`);
};

const concurrencyOf = (text: string | undefined): number => {
  if (text === undefined) return defaultConcurrency();
  if (!/^[1-9]\d{0,2}$/.test(text)) {
    throw new WandError('bad-usage', `--concurrency ${text}: expected a whole number from 1 to 999`);
  }
  return Number(text);
};
