import type { Command } from 'commander';
import { visibleText } from '../../draw/visible-text.ts';
import { ensureWorkerForOpenRuns } from '../../engine/client/ensure-worker.ts';
import { follow } from '../../engine/client/follow.ts';
import type { EngineClient } from '../../engine/client/open-client.ts';
import { runIsOver } from '../../engine/client/run-is-over.ts';
import { isAway } from '../../engine/database-away.ts';
import type { LogLine, RunStatus } from '../../model/run.ts';
import { WandError } from '../../problem/wand-error.ts';
import { channels } from '../../store/channels.ts';
import { readLog } from '../../store/queries/logs.ts';
import { requireBlock, requireRun } from '../require-run.ts';
import { runs } from '../verb.ts';
import { withClient } from '../with-client.ts';

/** `wand logs RUN [BLOCK] [-f] [--grep RE]`: lines of a run's log on stdout; with `--json` one object a line. */
export const addLogsVerb = (program: Command): void => {
  const command = program
    .command('logs')
    .description('print the log of a run, or of one block')
    .argument('<run>', 'id of a run')
    .argument('[block]', 'only this block')
    .option('-f, --follow', 'go on until the run has ended')
    .option('--grep <regex>', 'only lines that match')
    .addHelpText('after', '\nExample:\n  $ wand logs 12 clean_trips -f --grep dropped');
  runs<{ follow?: boolean; grep?: string }>(command, ({ arguments: [id = '', block], options }) =>
    withClient(async (client) => {
      const snapshot = await requireRun(client, id);
      if (block) requireBlock(snapshot, block);
      const print = printer({ json: options.json ?? false, pattern: regexOf(options.grep), showBlock: !block });
      if (!options.follow) {
        if ((await printFrom(client, id, block, 0, print)) === 0) await sayIfRemoved(client, id);
        return;
      }
      await ensureWorkerForOpenRuns(client);
      await followLog(client, id, block, print);
    }),
  );
};

const sayIfRemoved = async ({ store }: EngineClient, id: string): Promise<void> => {
  const { rows } = await store.pool.query<{ at: string | null }>(
    'select wand.iso(logs_removed_at) as at from wand.run where id = $1',
    [id],
  );
  if (rows[0]?.at) process.stderr.write(`the log of run ${id} was removed at ${rows[0].at} (wand retention)\n`);
};

type Print = (line: LogLine) => void;

const printer =
  ({ json, pattern, showBlock }: { json: boolean; pattern: RegExp | null; showBlock: boolean }): Print =>
  (line) => {
    if (pattern && !pattern.test(line.text)) return;
    const { time, level, block, attempt, source, text } = line;
    process.stdout.write(
      json
        ? `${JSON.stringify({ time, level, block, attempt, source, text })}\n`
        : `${time.slice(11, 23)} ${showBlock && block ? `${visibleText(block)} ` : ''}${level === 'info' ? '' : `${level} `}${visibleText(text)}\n`,
    );
  };

/** Prints all lines after `after`; answers the last sequence. */
const printFrom = async (
  client: EngineClient,
  id: string,
  block: string | undefined,
  after: number,
  print: Print,
): Promise<number> => {
  let last = after;
  while (true) {
    const lines = await readLog(client.store.pool, id, { block, after: last });
    for (const line of lines) print(line);
    if (lines.length === 0) return last;
    last = lines.at(-1)!.sequence;
  }
};

const followLog = async (client: EngineClient, id: string, block: string | undefined, print: Print): Promise<void> => {
  let after = 0;
  let looking = false;
  let again = false;
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  /** Prints what is new; what is told of meanwhile makes one more round, so that a flood of lines does not queue up looks. */
  const look = async (): Promise<void> => {
    again = true;
    if (looking) return;
    looking = true;
    try {
      while (again) {
        again = false;
        // Asked first: lines that are stored before the end are then printed.
        const over = await isOver(client, id);
        after = await printFrom(client, id, block, after, print);
        if (over) resolve();
      }
    } catch (error) {
      // A database that was away is looked at again when it is back.
      if (!isAway(error)) reject(error as Error);
    } finally {
      looking = false;
    }
  };
  const onEvent = ({ payload }: { payload: string }): void => {
    if (payload === id) void look();
  };
  const follower = await follow(client.store, [channels.log, channels.run], onEvent, () => void look());
  try {
    void look();
    await ended;
  } finally {
    await follower.close();
  }
};

const isOver = async (client: EngineClient, id: string): Promise<boolean> => {
  const { rows } = await client.store.pool.query<{ status: RunStatus }>('select status from wand.run where id = $1', [
    id,
  ]);
  return rows[0] === undefined || runIsOver(client, { id, status: rows[0].status });
};

const regexOf = (text: string | undefined): RegExp | null => {
  if (text === undefined) return null;
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    throw new WandError('bad-regex', `--grep ${text}: ${(error as Error).message}`, {
      fix: 'escape special characters with \\',
    });
  }
};
