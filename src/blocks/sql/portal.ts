import type { Client, Connection, Submittable } from 'pg';
import { type Company, takeCompany } from '../marker/company.ts';
import type { ResultField } from './execution.ts';

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

const pageSize = 2_000;
const afterName = 'wand_after';

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
export class Portal implements Submittable {
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
  private readonly company: Company | null;
  /** Answers to what goes before it that are still to come. */
  private before: number;
  /** The server has answered what it was asked last; what comes now answers the question behind it. */
  private answered = false;

  constructor(client: Client, text: string) {
    this.client = client;
    this.text = text;
    this.company = takeCompany(client);
    this.before = this.company?.before.length ?? 0;
    this.inTransaction =
      // What goes before it begins one.
      this.before > 0 ||
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
    const isFirst = !this.begun;
    if (isFirst) {
      this.begun = true;
      for (const text of this.company?.before ?? []) this.run(text);
      this.prepare(this.text);
      this.wire.describe({ type: 'P', name: '' });
    }
    this.askForRows(isFirst ? (this.company?.after ?? null) : null);
    connection.stream.uncork();
  }

  private prepare(text: string, name = ''): void {
    this.wire?.parse({ text, name, types: [] });
    this.wire?.bind({ portal: name, statement: name, values: [], binary: false });
  }

  private run(text: string, name = ''): void {
    this.prepare(text, name);
    this.wire?.execute({ portal: name, rows: 0 });
  }

  private askForRows(after: string | null = null): void {
    this.answered = false;
    this.wire?.execute({ portal: '', rows: pageSize });
    if (after !== null) {
      // By a name: one without would take the place of this portal, which may have more rows.
      this.run(after, afterName);
      this.wire?.close({ type: 'S', name: afterName });
    }
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
    if (this.before > 0) return;
    if (!this.answered) this.rows.push(fields);
    // With more rows to come the answer is not the last word.
    else if (this.ended && this.company) this.company.answer = fields[0] ?? null;
  }

  handlePortalSuspended(): void {
    this.answered = true;
    this.deliver();
  }

  handleCommandComplete({ text }: { text: string }): void {
    if (this.before > 0) {
      this.before -= 1;
      return;
    }
    if (this.answered) return;
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
    this.answered = true;
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
