import type { Row } from './input.ts';
import type { Relation } from './sql.ts';

const runner = Symbol.for('wand.query');
type Runner = (relation: Relation) => Promise<Row[]>;

/**
 * Runs a query now and returns its rows, for counts and checks inside a block or a test:
 * const zones = await query(sql`select * from ${inputs[0]} where trips > 1000`). All rows are held in memory.
 */
export const query = (relation: Relation): Promise<Row[]> => {
  const run = (globalThis as { [runner]?: Runner })[runner];
  if (run === undefined) throw new Error('query(...) works while wand runs a block, not outside');
  return run(relation);
};

/** The only value of a query with one row and one column: await queryValue<number>(sql`select count(*) from ${trips}`). Null if it has no row. */
export const queryValue = async <T = unknown>(relation: Relation): Promise<T> => {
  const [row] = await query(relation);
  return (row === undefined ? null : Object.values(row)[0]) as T;
};

/** Tells `query` how to run; the program that runs a block does this before it loads the block's file. */
export const setQueryRunner = (run: Runner): void => {
  (globalThis as { [runner]?: Runner })[runner] = run;
};
