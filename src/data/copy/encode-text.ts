import type { DuckDBDataChunk } from '@duckdb/node-api';
import { arrayLiteral } from './array-literal.ts';
import type { ColumnPlan } from './column-plan.ts';

/** Encodes chunks as rows of COPY's text format, for types that have no binary encoder here; Postgres parses them. */
export const textEncoder = (plans: ColumnPlan[]): ((chunk: DuckDBDataChunk) => Buffer) => {
  const arrays = plans.map(({ target }) => target.type.startsWith('_'));
  return (chunk) => {
    let text = '';
    for (const row of chunk.getRows()) {
      text += row.map((value, at) => (value === null ? '\\N' : field(String(value), arrays[at]!))).join('\t');
      text += '\n';
    }
    return Buffer.from(text);
  };
};

const field = (text: string, isArray: boolean): string =>
  escaped(isArray && text.startsWith('[') ? arrayLiteral(JSON.parse(text)) : text);

const escaped = (text: string): string => text.replace(/[\\\t\n\r]/g, (sign) => escapes[sign]!);

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
