import type pg from 'pg';
import type { LogLevel, LogLine, LogPage, LogPageQuery } from '../../model/run.ts';
import { WandError } from '../../problem/wand-error.ts';

const levels: readonly LogLevel[] = ['debug', 'info', 'warning', 'error'];

/** Chunks read at first and at most in one statement; a filter that lets little through reads ever larger pieces. */
const firstChunks = 16;
const mostChunks = 2_048;
/** A search through a whole log gives up after this long; what was found so far is the answer. */
const patienceMs = 20_000;

/**
 * Lines of a run's log on one side of a place, by keyset: a page costs the same at the start, in the middle and at the end of a log of any
 * length. Throws WandError `invalid-filter` for a pattern that Postgres refuses.
 */
export const readLogPage = async (client: pg.Pool, runId: string, query: LogPageQuery): Promise<LogPage> => {
  const older = query.side === 'older';
  const giveUp = Date.now() + patienceMs;
  const lines: LogLine[] = [];
  let reached = query.from;
  let total: number | null = null;
  let end = false;
  for (let chunks = firstChunks; !end && lines.length < query.limit; chunks = Math.min(mostChunks, chunks * 4)) {
    const piece = await readPiece(
      client,
      runId,
      { ...query, from: reached, limit: query.limit - lines.length },
      chunks,
    );
    // Of the first statement: what came since is not in this page.
    total ??= piece.total;
    end = piece.chunks < chunks && piece.lines.length < query.limit - lines.length;
    lines.push(...piece.lines.map((line) => ({ ...line, sequence: Number(line.sequence) })));
    // A full page may end in the middle of what was read.
    if (lines.length >= query.limit) reached = lines.at(-1)!.sequence;
    else if (piece.reached !== null) reached = Number(piece.reached);
    if (Date.now() > giveUp) break;
  }
  return { lines: older ? lines.reverse() : lines, end, reached, total: total ?? 0 };
};

type Piece = { lines: LogLine[]; reached: string | null; chunks: number; total: number };

const readPiece = async (
  client: pg.Pool,
  runId: string,
  { block, side, from, limit, filter, search, level }: LogPageQuery,
  chunks: number,
): Promise<Piece> => {
  const [order, beyond, last] = side === 'older' ? ['desc', '<', 'min(first)'] : ['asc', '>', 'max(first + count - 1)'];
  const edge = side === 'older' ? 'first < $2' : 'first + count - 1 > $2';
  const values: unknown[] = [runId, from, block, chunks, limit];
  const conditions = [`c.first + l.place - 1 ${beyond} $2`];
  const add = (condition: (parameter: string) => string, value: unknown): void => {
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  if (level && level !== 'debug') add((p) => `l.line->>1 = any(${p})`, levels.slice(levels.indexOf(level)));
  if (filter) {
    const without = filter.startsWith('!');
    const pattern = without ? filter.slice(1) : filter;
    add((p) => `l.line->>3 ${without ? '!' : ''}~${isLower(pattern) ? '*' : ''} ${p}`, pattern);
  }
  if (search) {
    const text = isLower(search) ? 'lower(l.line->>3)' : 'l.line->>3';
    add((p) => `position(${p} in ${text}) > 0`, search);
  }
  const { rows } = await client
    .query<Piece>(
      `with c as materialized (
         select first, count, block, attempt, lines from wand.log_chunk
         where run_id = $1 and ${edge} and ($3::text is null or block = $3)
         order by first ${order} limit $4
       ), found as (
         select c.first + l.place - 1 as sequence, l.line->>0 as time, l.line->>1 as level, l.line->>2 as source,
           l.line->>3 as text, c.block, c.attempt
         from c, jsonb_array_elements(c.lines) with ordinality as l(line, place)
         where ${conditions.join(' and ')} order by 1 ${order} limit $5
       )
       select coalesce((select jsonb_agg(found order by sequence ${order}) from found), '[]') as lines,
         (select ${last} from c) as reached, (select count(*)::int from c) as chunks,
         coalesce((select next::float8 - 1 from wand.log_position where run_id = $1), 0) as total`,
      values,
    )
    .catch((error) => {
      throw error.code === '2201B' ? invalidFilter(filter ?? '', error) : error;
    });
  return rows[0]!;
};

/** A pattern without capitals finds them too. */
const isLower = (text: string): boolean => text === text.toLowerCase();

const invalidFilter = (filter: string, error: Error): WandError =>
  new WandError('invalid-filter', `${JSON.stringify(filter)} is no regular expression: ${error.message}`, {
    fix: 'Put a backslash before ( ) [ ] { } . * + ? to mean the character itself.',
    cause: error,
  });
