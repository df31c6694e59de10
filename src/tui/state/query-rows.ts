import type { CellValue, PageRequest } from '../../model/output.ts';
import type { QueryResult } from '../../model/query.ts';

const sorted = new WeakMap<QueryResult, { key: string; rows: CellValue[][] }>();

/** The rows of a console's result in the order asked for; NULL comes last. */
export const sortedRows = (result: QueryResult, sort: PageRequest['sort']): CellValue[][] => {
  if (!sort) return result.rows;
  const key = JSON.stringify(sort);
  const known = sorted.get(result);
  if (known?.key === key) return known.rows;
  const at = result.columns.findIndex(({ name }) => name === sort.column);
  const direction = sort.descending ? -1 : 1;
  const rows = result.rows.toSorted((a, b) => compared(a[at] ?? null, b[at] ?? null, direction));
  sorted.set(result, { key, rows });
  return rows;
};

const compared = (a: CellValue, b: CellValue, direction: 1 | -1): number => {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const numbers = [Number(a), Number(b)] as const;
  const byNumber = a !== '' && b !== '' && numbers.every((number) => !Number.isNaN(number));
  if (byNumber) return direction * (numbers[0] - numbers[1]);
  return direction * (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0);
};
