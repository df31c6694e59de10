import { readRows } from '../../data/read-rows.ts';
import type { Row } from '../../sdk/input.ts';
import type { Relation } from '../../sdk/sql.ts';
import { compileQuery } from './compile-sql.ts';
import type { Workshop } from './execute-task.ts';
import { queryProblem } from './query-problems.ts';

/** What `query(...)` does in a block: all rows of a query. */
export const queryRows = async (workshop: Workshop, relation: Relation): Promise<Row[]> => {
  try {
    const rows: Row[] = [];
    for await (const row of readRows(await workshop.duckdb(), await compileQuery(workshop, relation))) rows.push(row);
    return rows;
  } catch (problem) {
    throw queryProblem(workshop, problem, relation.origin);
  }
};
