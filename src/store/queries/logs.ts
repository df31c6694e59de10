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

/** Postgres refuses NUL in JSON text; it is shown as its picture. */
export const storedLines = (lines: StoredLine[]): string[][] =>
  lines.map(({ time, level, source, text }) => [time, level, source, text.replaceAll('\0', '␀')]);

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
