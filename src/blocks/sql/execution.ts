import type { Client } from 'pg';
import { Portal } from './portal.ts';

/** A column of a result set as the server describes it. */
export type ResultField = { name: string; typeOid: number; typeModifier: number };

/** One executed statement. `fields` is null if it gives no rows; the rows must then be read, or dropped with `finish()`. */
export type Execution = {
  fields: ResultField[] | null;
  /** Pages of rows in Postgres' text form, null for NULL; the server makes a page only when it is asked for. */
  pages(): AsyncGenerator<(string | null)[][]>;
  /** Reads on to the end and answers the command tag, such as `INSERT 0 3`. */
  finish(): Promise<string>;
  /** Ends the statement without reading on. */
  close(): Promise<void>;
};

/**
 * Executes one statement through a portal, so that its rows come a page at a time and whether it gives rows is the
 * server's word (mage-format.md 4.4). Rejects with the server's error. The client can do nothing else until the
 * execution is finished or closed.
 */
export const execute = async (client: Client, text: string): Promise<Execution> => {
  const portal = new Portal(client, text);
  client.query(portal);
  const fields = await portal.described;
  return {
    fields,
    pages: () => pagesOf(portal),
    finish: async () => {
      for await (const _ of pagesOf(portal));
      return portal.tag;
    },
    close: () => portal.close(),
  };
};

const pagesOf = async function* (portal: Portal): AsyncGenerator<(string | null)[][]> {
  for (let page = await portal.next(); page; page = await portal.next()) if (page.length > 0) yield page;
};
