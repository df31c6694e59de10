import type { Command } from 'commander';
import { stopSupervisor } from '../../engine/supervisor.ts';
import { defaultConcurrency } from '../../engine/worker.ts';
import { WandError } from '../../problem/wand-error.ts';
import { serve } from '../serve-worker.ts';
import { runs } from '../verb.ts';

/** `wand worker`: takes blocks of background runs until it is stopped. */
export const addWorkerVerb = (program: Command): void => {
  const command = program
    .command('worker')
    .description('run blocks of background runs; start more of them, on more hosts, with the same WAND_DATABASE_URL')
    .option('--concurrency <n>', 'blocks at once (default: the cores of this host, at least 4)')
    .option('--supervised', 'leave when idle: how wand starts its own background worker')
    .option('--stop', "end this host's own background worker; its blocks go to others")
    .addHelpText(
      'after',
      '\nExample:\n  $ WAND_DATABASE_URL=postgres://wand@db.example.org/wand wand worker --concurrency 4',
    );
  runs<{ concurrency?: string; supervised?: boolean; stop?: boolean }>(command, ({ options }) =>
    options.stop
      ? stopBackgroundWorker()
      : serve({ concurrency: concurrencyOf(options.concurrency), supervised: options.supervised ?? false }),
  );
};

const stopBackgroundWorker = async (): Promise<void> => {
  const stopped = await stopSupervisor();
  process.stderr.write(stopped ? 'the background worker is stopped\n' : 'no background worker was running\n');
};

const concurrencyOf = (text: string | undefined): number => {
  if (text === undefined) return defaultConcurrency();
  if (!/^[1-9]\d{0,2}$/.test(text)) {
    throw new WandError('bad-usage', `--concurrency ${text}: expected a whole number from 1 to 999`);
  }
  return Number(text);
};
