import type { Client, Connection, Submittable } from 'pg';

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

const pageSize = 2_000;

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

/** What the protocol's connection object offers beside what its types tell. */
type Wire = Connection & {
  parse(message: object): void;
  bind(message: object): void;
  describe(message: object): void;
  execute(message: object): void;
  close(message: object): void;
  flush(): void;
  sync(): void;
  sendCopyFail(reason: string): void;
};

type Settled<Value> = { promise: Promise<Value>; resolve(value: Value): void; reject(error: unknown): void };

const settled = <Value>(): Settled<Value> => {
  const made = Promise.withResolvers<Value>();
  // Whoever awaits it later still gets the error; until then it is not an unhandled one.
  made.promise.catch(() => undefined);
  return made;
};

/**
 * The extended protocol by hand: pg's own query collects all rows, and pg-cursor is not among the libraries. In a transaction the server is asked
 * for a page and for its readiness in one trip, and the portal lives on between two pages; outside one it would end there, so then the
 * server is kept waiting until the last page.
 */
class Portal implements Submittable {
  tag = '';
  private readonly client: Client;
  private readonly text: string;
  private readonly inTransaction: boolean;
  private wire: Wire | null = null;
  private begun = false;
  private readonly description = settled<ResultField[] | null>();
  private ready = settled<void>();
  private rows: (string | null)[][] = [];
  private page: Settled<(string | null)[][]> = settled();
  /** A page was asked for and not taken yet. */
  private asked = true;
  /** The server has completed the statement. */
  private ended = false;
  /** The last page was taken. */
  private exhausted = false;

  constructor(client: Client, text: string) {
    this.client = client;
    this.text = text;
    this.inTransaction =
      (client as unknown as { getTransactionStatus(): string | null }).getTransactionStatus() === 'T';
  }

  get described(): Promise<ResultField[] | null> {
    return this.description.promise;
  }

  /** The next page; null after the last. With the last page the client is free again. */
  async next(): Promise<(string | null)[][] | null> {
    if (this.exhausted) return null;
    if (!this.asked) await this.askAgain();
    const page = await this.page.promise;
    this.asked = false;
    if (this.ended) {
      this.exhausted = true;
      await this.ready.promise;
    }
    return page;
  }

  async close(): Promise<void> {
    if (this.exhausted) return;
    if (this.asked) await this.page.promise;
    this.exhausted = true;
    if (!this.ended && !this.inTransaction) {
      this.wire?.close({ type: 'P' });
      this.wire?.sync();
    }
    // In a transaction the next statement closes it.
    await this.ready.promise;
  }

  private async askAgain(): Promise<void> {
    this.page = settled();
    this.asked = true;
    if (!this.inTransaction) return this.askForRows();
    await this.ready.promise;
    this.ready = settled();
    this.client.query(this);
  }

  submit(connection: Connection): void {
    this.wire = connection as Wire;
    // One packet instead of five.
    connection.stream.cork();
    if (!this.begun) {
      this.begun = true;
      this.wire.parse({ text: this.text, name: '', types: [] });
      this.wire.bind({ portal: '', statement: '', values: [], binary: false });
      this.wire.describe({ type: 'P', name: '' });
    }
    this.askForRows();
    connection.stream.uncork();
  }

  private askForRows(): void {
    this.wire?.execute({ portal: '', rows: pageSize });
    if (this.inTransaction) this.wire?.sync();
    else this.wire?.flush();
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number; dataTypeModifier: number }[] }): void {
    this.description.resolve(
      fields.map(({ name, dataTypeID, dataTypeModifier }) => ({
        name,
        typeOid: dataTypeID,
        typeModifier: dataTypeModifier,
      })),
    );
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    this.rows.push(fields);
  }

  handlePortalSuspended(): void {
    this.deliver();
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.tag = text;
    this.end();
  }

  handleEmptyQuery(): void {
    this.end();
  }

  handleReadyForQuery(): void {
    this.ready.resolve();
  }

  handleCopyInResponse(): void {
    this.wire?.sendCopyFail('wand reads no data for COPY FROM STDIN');
    // What asks for readiness is passed over while the server waits for data.
    if (this.inTransaction) this.wire?.sync();
  }

  handleCopyData(): void {}

  handleError(error: Error): void {
    // The page stays asked for: whoever takes it next gets the error, also if that is only after this moment.
    this.ended = true;
    this.description.reject(error);
    this.page.reject(error);
    this.ready.reject(error);
    if (!this.inTransaction) this.wire?.sync();
  }

  private end(): void {
    this.ended = true;
    this.description.resolve(null);
    this.deliver();
    if (!this.inTransaction) this.wire?.sync();
  }

  private deliver(): void {
    const page = this.rows;
    this.rows = [];
    this.page.resolve(page);
  }
}
