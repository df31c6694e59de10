import type { Client } from 'pg';

/**
 * Statements that share a message with a block's own: each trip to the server costs a block that only asks more than its question (0.15 ms and
 * two processes that wake up). An error in one of them keeps the server from all behind it, up to the end of the message.
 */
export type Company = {
  /** Sent before the first execution: what begins the transaction. */
  before: string[];
  /** A question sent right behind the last execution; null until then. */
  after: string | null;
  /** The first value of its answer, as text; null if it was not asked, or if there was more to come of that execution. */
  answer: string | null;
};

type Expected = { before: string[]; executions: number; after: string; last: Company | null };

const expected = new WeakMap<Client, Expected>();

/**
 * Lets `before` go with the first and `after` with the last of so many executions of a client (`Portal`), at least one. Until the first nothing else
 * may be sent. Answers a function that ends it and tells the answer to `after`, null if that has to be asked by itself.
 */
export const keepCompany = (
  client: Client,
  wanted: { before: string[]; executions: number; after: string },
): (() => string | null) => {
  const mine: Expected = { ...wanted, last: null };
  expected.set(client, mine);
  return () => {
    expected.delete(client);
    return mine.executions === 0 ? (mine.last?.answer ?? null) : null;
  };
};

/** What goes with the next execution of a client; null for nothing. */
export const takeCompany = (client: Client): Company | null => {
  const wanted = expected.get(client);
  if (!wanted) return null;
  wanted.executions -= 1;
  const company = { before: wanted.before, after: wanted.executions === 0 ? wanted.after : null, answer: null };
  wanted.before = [];
  wanted.last = company;
  return company;
};

const question = 'SELECT pg_catalog.txid_current_if_assigned() IS NOT NULL AS wrote';

/** Does `work` behind the statements `before`, and asks the server whether its transaction has written; together with its executions if it has any. */
export const askWhetherItWrote = async <Done>(
  client: Client,
  work: () => Promise<Done>,
  before: string[],
  executions: number,
): Promise<{ done: Done; wrote: boolean }> => {
  if (executions === 0) await client.query(before.join(';'));
  const end = executions > 0 ? keepCompany(client, { before, executions, after: question }) : () => null;
  let answer: string | null = null;
  let done: Done;
  try {
    done = await work();
  } finally {
    answer = end();
  }
  if (answer !== null) return { done, wrote: answer === 't' };
  const { rows } = await client.query<{ wrote: boolean }>(question);
  return { done, wrote: rows[0]!.wrote };
};
