import type pg from 'pg';
import type { LogLine } from '../../model/run.ts';

export type StoredLine = Pick<LogLine, 'time' | 'level' | 'source' | 'text'>;

export type LogChunk = { runId: string; block: string | null; attempt: number | null; lines: StoredLine[] };

/** Stores lines and tells followers, in one statement. */
export const appendLog = async (client: pg.Pool | pg.ClientBase, chunk: LogChunk): Promise<void> => {
  if (chunk.lines.length === 0) return;
  await client.query('select wand.store_lines($1, $2, $3, $4)', [
    chunk.runId,
    chunk.block,
    chunk.attempt,
    JSON.stringify(storedLines(chunk.lines)),
  ]);
};

/** A chunk that is stored once, however often it is sent: `number` counts the chunks of a `writer` (a uuid) from 0. */
export type NumberedChunk = Omit<LogChunk, 'lines'> & { writer: string; number: number; lines: string[][] };

/** The chunk with which an attempt ends: it goes with the outcome, or by itself where that is not taken; stored once either way. */
export type LastLines = Pick<NumberedChunk, 'writer' | 'number' | 'lines'>;

/** Milliseconds after which a database that does not answer is taken to be away; what is stored twice for it is stored once. */
const patience = 15_000;

/** Stores a numbered chunk and tells followers; a chunk whose run is gone is dropped. `lines` as `storedLines` makes them. */
export const storeChunk = async (pool: pg.Pool, chunk: NumberedChunk): Promise<void> => {
  const { runId, block, attempt, writer, number, lines } = chunk;
  await pool.query({
    text: 'select wand.store_chunk($1, $2, $3, $4, $5, $6)',
    values: [runId, block, attempt, writer, number, JSON.stringify(lines)],
    query_timeout: patience,
  } as pg.QueryConfig);
};

/** Postgres refuses NUL and halves of surrogate pairs in JSON text; NUL is shown as its picture. */
export const storedLines = (lines: StoredLine[]): string[][] =>
  lines.map(({ time, level, source, text }) => [time, level, source, text.replaceAll('\0', '␀').toWellFormed()]);

export type LogQuery = { block?: string | null; after: number; last?: number; limit?: number };

/** Lines with a sequence above `after`, oldest first; with `last` only the newest n of those. */
export const readLog = async (client: pg.Pool, runId: string, query: LogQuery): Promise<LogLine[]> => {
  const backwards = query.last !== undefined;
  const limit = query.last ?? query.limit ?? 10_000;
  const { rows } = await client.query<Omit<LogLine, 'sequence'> & { sequence: string }>(
    `select c.first + l.place - 1 as sequence, l.line->>0 as time, l.line->>1 as level, l.line->>2 as source,
       l.line->>3 as text, c.block, c.attempt
     from (
       select * from wand.log_chunk
       where run_id = $1 and first + count - 1 > $2 and ($3::text is null or block = $3)
       order by first ${backwards ? 'desc' : 'asc'} limit $4
     ) c, jsonb_array_elements(c.lines) with ordinality as l(line, place)
     where c.first + l.place - 1 > $2
     order by 1 ${backwards ? 'desc' : 'asc'} limit $4`,
    [runId, query.after, query.block ?? null, limit],
  );
  const lines = rows.map((row) => ({ ...row, sequence: Number(row.sequence) }));
  return backwards ? lines.reverse() : lines;
};
