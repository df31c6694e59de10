import { createHash } from 'node:crypto';
import type { Client, QueryResult } from 'pg';
import type { CommitMarker, LogEntry } from '../../model/block-task.ts';
import type { StoredOutput } from '../../model/output.ts';
import { quoteLiteral } from '../../postgres/identifiers.ts';
import { messageOf, WandError } from '../../problem/wand-error.ts';
import { askWhetherItWrote } from './company.ts';
import { endLostAttempts } from './end-lost-attempts.ts';
import { ensureMarkerTable, type MarkerAccess, markerTable } from './marker-table.ts';
import { watchConnection } from './watch-connection.ts';

/** What a block made: its outputs as the engine stores them, and its row count. */
export type MarkedWork = { outputs: StoredOutput[]; rows: number | null };

/** `adopted`: an earlier, lost attempt had committed this; `work` did not run. */
export type MarkedResult = MarkedWork & { adopted: boolean };

/** The COMMIT was sent and the connection was lost before its answer: the marker tells later whether it took effect. */
export const commitUnknown = 'commit-unknown';

export type MarkedOptions = {
  /** Statements for the session, sent with BEGIN. */
  hello?: string;
  /**
   * The work only asks questions. If the server says that nothing was written after all, there is no marker either, since to run it once more
   * changes nothing; a first attempt then looks for no marker and does not wait for COMMIT. Its transaction is left to whoever gets the session next
   * (`giveBack` commits it).
   */
  onlyAsks?: boolean;
  /**
   * With `onlyAsks`: the work is so many executions (`execute`), and nothing else before or between them. Then the first takes along what
   * begins the transaction and the last the question whether anything was written: one trip where there were three.
   */
  executions?: number;
};

/**
 * Runs `work` in one transaction of `client` and writes the marker in that same transaction (decisions.md 18), so that
 * data and marker become visible together or not at all. A lost attempt whose transaction still runs is ended, and waited for (the
 * advisory lock); one that had committed is adopted: its stored outputs come back and `work` does not run.
 * A role that cannot have the marker table runs all the same, with one warning that this block is at-least-once.
 * An attempt whose successor has committed is refused (`superseded`).
 * On an error of `work` the transaction is rolled back and that error is thrown. A connection lost during COMMIT is a
 * WandError `commit-unknown`.
 * READ COMMITTED whatever the server's default: a snapshot taken before the lock was granted would not see the marker.
 */
export const withMarkedTransaction = async (
  client: Client,
  marker: CommitMarker,
  work: () => Promise<MarkedWork>,
  log: (entry: LogEntry) => void = () => undefined,
  { hello, onlyAsks = false, executions = 0 }: MarkedOptions = {},
): Promise<MarkedResult> => {
  try {
    if (marker.lostAttempts.length > 0) await endLostAttempts(client, lockKey(marker));
    if (onlyAsks && isFirst(marker) && withTable.has(client))
      return await ask(client, marker, work, { hello, executions });
    const { earlier, hasTable } = await begin(client, marker, log, hello);
    if (earlier) {
      await client.query('COMMIT');
      return { ...earlier, adopted: true };
    }
    const done = await work();
    await commit(client, hasTable ? markerInsert(marker, done, onlyAsks) : null);
    return { ...done, adopted: false };
  } catch (error) {
    // A connection that is gone has rolled back by itself; its error says less than the first one.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
};

/** No attempt before it can have committed anything, or be at it still. */
const isFirst = ({ attempt, lostAttempts }: CommitMarker): boolean => attempt === 1 && lostAttempts.length === 0;

const ask = async (
  client: Client,
  marker: CommitMarker,
  work: () => Promise<MarkedWork>,
  { hello, executions }: { hello: string | undefined; executions: number },
): Promise<MarkedResult> => {
  // BEGIN first: what fails after it leaves a transaction in which nothing can be done.
  const before = [beginText, ...(hello ? [hello] : []), lockText(marker)];
  const { done, wrote } = await askWhetherItWrote(client, work, before, executions);
  if (wrote) {
    // It may have been given up long ago, and its successor have committed.
    earlierOf(await client.query<MarkerRow>(committedSelect(marker)), marker);
    await commit(client, markerInsert(marker, done));
  }
  return { ...done, adopted: false };
};

/** The lock of one block in one run, for all its attempts: 64 bits of a digest, as a decimal that is safe in SQL. */
export const lockKey = ({ state, runId, block }: CommitMarker): bigint =>
  createHash('sha256')
    .update(JSON.stringify(['wand', state, runId, block]))
    .digest()
    .readBigInt64BE();

/** Sessions that have used the table before: it is not looked for again. */
const withTable = new WeakSet<Client>();

type Begun = { earlier: MarkedWork | null; hasTable: boolean };

const begin = async (
  client: Client,
  marker: CommitMarker,
  log: (entry: LogEntry) => void,
  hello: string | undefined,
): Promise<Begun> => {
  if (withTable.has(client)) {
    try {
      return { earlier: await beginWith(client, marker, true, hello), hasTable: true };
    } catch (error) {
      if (!isTableGone(error)) throw error;
      await client.query('ROLLBACK');
    }
  }
  await watchConnection(client);
  const access = await ensureMarkerTable(client);
  if (access.ready) withTable.add(client);
  else log(withoutMarker(access));
  return { earlier: await beginWith(client, marker, access.ready, hello), hasTable: access.ready };
};

/** Dropped, or taken from this role, since it was last used. */
const isTableGone = (error: unknown): boolean =>
  ['42P01', '3F000', '42501'].includes((error as { code?: string }).code ?? '');

const withoutMarker = ({ reason, fix }: Extract<MarkerAccess, { ready: false }>): LogEntry => ({
  level: 'warning',
  source: 'wand',
  text: `no exactly-once marker: ${reason}; this block is at-least-once. ${fix}`,
});

type MarkerRow = { attempt: number; outputs: StoredOutput[]; rows: string | null };

/**
 * Begins the transaction, waits for the lock, and answers what a lost attempt had committed. One message for all three: in
 * READ COMMITTED the last statement sees what was committed while the lock was waited for.
 * A later attempt that has committed means that this one was given up long ago: it must not write any more.
 */
const beginWith = async (
  client: Client,
  marker: CommitMarker,
  hasTable: boolean,
  hello: string | undefined,
): Promise<MarkedWork | null> => {
  const text = [
    ...(hello ? [hello] : []),
    beginText,
    lockText(marker),
    ...(hasTable ? [committedSelect(marker)] : []),
  ].join(';');
  const results = (await client.query(text)) as unknown as Results;
  return hasTable ? earlierOf(results.at(-1)!, marker) : null;
};

const beginText = 'BEGIN ISOLATION LEVEL READ COMMITTED';
const lockText = (marker: CommitMarker): string => `SELECT pg_advisory_xact_lock(${lockKey(marker)})`;

type Results = QueryResult<MarkerRow>[];

const earlierOf = ({ rows: [found] }: QueryResult<MarkerRow>, marker: CommitMarker): MarkedWork | null => {
  if (!found) return null;
  if (found.attempt > marker.attempt) {
    throw new WandError('superseded', `attempt ${found.attempt} of block ${marker.block} has committed already`, {
      exitCode: 1,
    });
  }
  return { outputs: found.outputs, rows: found.rows === null ? null : Number(found.rows) };
};

const committedSelect = ({ state, runId, block, attempt, lostAttempts }: CommitMarker): string => {
  const earlier = [-1, ...lostAttempts].map((number) => Math.trunc(number)).join(', ');
  return `SELECT attempt, outputs, rows FROM ${markerTable}
    WHERE state = ${quoteLiteral(state)} AND run_id = ${quoteLiteral(runId)} AND block = ${quoteLiteral(block)}
      AND (attempt IN (${earlier}) OR attempt > ${Math.trunc(attempt)})
    ORDER BY attempt DESC LIMIT 1`;
};

const markerInsert = (marker: CommitMarker, done: MarkedWork, onlyAsks = false): string => {
  const values = [marker.state, marker.runId, marker.block].map(quoteLiteral).join(', ');
  const rows = done.rows === null ? 'NULL' : Math.trunc(done.rows);
  // One that has written has a number by now.
  const condition = onlyAsks ? ' WHERE pg_catalog.txid_current_if_assigned() IS NOT NULL' : '';
  return `INSERT INTO ${markerTable} (state, run_id, block, attempt, rows, outputs)
    SELECT ${values}, ${Math.trunc(marker.attempt)}, ${rows}, ${quoteLiteral(JSON.stringify(done.outputs))}::jsonb${condition}`;
};

/** The marker and the COMMIT in one message: whatever happens to the connection after it was sent, the marker tells what came of it. */
const commit = async (client: Client, markerText: string | null): Promise<void> => {
  try {
    const answers = await client.query(markerText ? `${markerText};COMMIT` : 'COMMIT');
    const answer = Array.isArray(answers) ? (answers as QueryResult[]).at(-1)! : answers;
    // A statement that failed and was swallowed leaves the transaction aborted: COMMIT then answers ROLLBACK, without an error.
    if (answer.command === 'ROLLBACK') {
      throw new WandError('not-committed', 'a statement had failed, so the server rolled the whole block back', {
        exitCode: 1,
      });
    }
  } catch (error) {
    if (isServerAnswer(error)) throw error;
    throw new WandError(
      commitUnknown,
      `the connection was lost while committing, so it is not known whether the block's data was written: ${messageOf(error)}`,
      {
        cause: error,
        exitCode: 1,
        fix: 'Look at the table, or run the block again in the same run: wand then looks for the marker.',
      },
    );
  }
};

// Classes 08 (connection) and 57P (shutdown) arrive as server errors too, and then the outcome is open.
const isServerAnswer = (error: unknown): boolean => {
  if (error instanceof WandError) return true;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^(08|57P)/.test(code);
};
