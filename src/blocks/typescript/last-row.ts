import type { FailedRow } from '../../model/run.ts';
import type { Row } from '../../sdk/input.ts';

/** A process runs one block at a time: the row it was handed last, until it has asked for the one after the last. */
let at: { input: string; number: number; row: Row } | null = null;

/** Hands rows on and remembers the latest, so that a failure can say at which row the block was. */
export async function* remembering(input: string, rows: AsyncIterable<Row> | Iterable<Row>): AsyncGenerator<Row> {
  let number = 0;
  for await (const row of rows) {
    number += 1;
    at = { input, number, row };
    yield row;
  }
  at = null;
}

/** Another block begins. */
export const forgetRow = (): void => {
  at = null;
};

const mostColumns = 50;
const mostCharacters = 200;

/** The row of an input that was read last when the block failed; null where none was being read. */
export const lastRow = (): FailedRow | null => {
  if (at === null || typeof at.row !== 'object' || at.row === null) return null;
  const values = Object.entries(at.row)
    .slice(0, mostColumns)
    .map(([column, value]): [string, string | null] => [column, valueText(value)]);
  return { input: at.input, number: at.number, values };
};

const valueText = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  const text =
    value instanceof Date ? value.toISOString() : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.slice(0, mostCharacters);
};
