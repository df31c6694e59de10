import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { StormBlock, StormPlan } from './plan.ts';
import { stormTables } from './storm-project.ts';

/** Facts about a round, for its report; what is wrong is in `problems`. */
export type Verdict = { problems: string[]; blocks: number; rows: number; lost: number; adopted: number };

/**
 * Whether every block of a round completed exactly once. The state: each block run completed, by one attempt, its last; the others lost with
 * their workers. The data: count and a sum over each column for each block, against sums that are made from the plan alone.
 */
export const verify = async (state: pg.Client, data: pg.Client, plan: StormPlan): Promise<Verdict> => {
  const blocks = plan.pipelines.flatMap((pipeline) => pipeline.blocks);
  const attempts = await attemptsOf(state);
  const rows = await sumsOf(data);
  return {
    problems: [
      ...(await runProblems(state, plan)),
      ...attemptProblems(attempts, blocks),
      ...sumProblems(rows, blocks),
      ...(await leftovers(state)),
    ],
    blocks: attempts.length,
    rows: rows.reduce((total, row) => total + Number(row.count), 0),
    lost: attempts.reduce((total, { lost }) => total + lost, 0),
    adopted: await adoptedCount(state),
  };
};

const runProblems = async (state: pg.Client, plan: StormPlan): Promise<string[]> => {
  const { rows } = await state.query<{ pipeline: string; status: string }>('select pipeline, status from wand.run');
  const wrong = rows.filter(({ status }) => status !== 'completed').map((row) => `${row.pipeline} is ${row.status}`);
  const missing = plan.pipelines.filter(({ uuid }) => rows.filter(({ pipeline }) => pipeline === uuid).length !== 1);
  return [...wrong, ...missing.map(({ uuid }) => `${uuid} has not exactly one run`)];
};

type Attempts = {
  uuid: string;
  status: string;
  error: unknown;
  completed: number;
  lost: number;
  other: number;
  last: string;
};

const attemptsOf = async (state: pg.Client): Promise<Attempts[]> => {
  const { rows } = await state.query<Attempts>(
    `select b.uuid, b.status, b.error,
       count(*) filter (where a.status = 'completed')::int as completed,
       count(*) filter (where a.status = 'lost')::int as lost,
       count(*) filter (where a.status not in ('completed', 'lost'))::int as other,
       (array_agg(a.status order by a.attempt desc))[1] as last
     from wand.block_run b left join wand.attempt a on a.block_run_id = b.id group by b.id`,
  );
  return rows;
};

const attemptProblems = (attempts: Attempts[], blocks: StormBlock[]): string[] => {
  const found = new Map(attempts.map((row) => [row.uuid, row]));
  const missing = blocks.filter(({ uuid }) => !found.has(uuid)).map(({ uuid }) => `${uuid} has no block run`);
  const wrong = attempts.filter(
    ({ status, completed, other, last }) =>
      status !== 'completed' || completed !== 1 || other > 0 || last !== 'completed',
  );
  return [...missing, ...wrong.map((row) => `attempts of ${row.uuid}: ${JSON.stringify(row)}`)];
};

type Sums = { block: string; count: string; n: string; word: string; part: string };

/** A digest of each column that sees a missing, a doubled and a changed value. */
const sums = `count(*)::text as count, sum(n)::text as n,
  sum(('x' || substr(word, 1, 8))::bit(32)::bigint)::text as word, sum(part)::text as part`;

const sumsOf = async (data: pg.Client): Promise<Sums[]> => {
  const there = await data.query<{ name: string }>(
    `select t.name from unnest($1::text[]) as t(name) where to_regclass('public.' || t.name) is not null`,
    [[...stormTables]],
  );
  const all = there.rows.map(({ name }) => `select block, n, word, part from public.${name}`).join(' union all ');
  return (await data.query<Sums>(`select block, ${sums} from (${all}) as rows group by block`)).rows;
};

const sumProblems = (found: Sums[], blocks: StormBlock[]): string[] => {
  const byBlock = new Map(found.map((row) => [row.block, row]));
  const writers = blocks.filter(({ kind }) => kind !== 'python');
  const wrong = writers.flatMap((block) => {
    const [is, should] = [byBlock.get(block.uuid), expectedSums(block)];
    const same = is && (Object.keys(should) as (keyof Sums)[]).every((key) => String(is[key]) === should[key]);
    return same
      ? []
      : [`rows of ${block.uuid} (${block.kind}): ${JSON.stringify(is ?? null)}, not ${JSON.stringify(should)}`];
  });
  const strangers = found.filter(({ block }) => !writers.some(({ uuid }) => uuid === block));
  return [...wrong, ...strangers.map(({ block }) => `rows of ${block}, which should have none`)];
};

const expectedSums = ({ uuid, first, rows }: StormBlock): Sums => {
  const numbers = Array.from({ length: rows }, (_, index) => first + index);
  const total = (of: (n: number) => number): string => String(numbers.reduce((sum, n) => sum + of(n), 0));
  return {
    block: uuid,
    count: String(rows),
    n: total((n) => n),
    word: total((n) => Number.parseInt(md5(String(n)).slice(0, 8), 16)),
    part: total((n) => (n % 1000) / 8),
  };
};

/** Nothing of the round may be left waiting: no attempt under way, no offer in the queue. */
const leftovers = async (state: pg.Client): Promise<string[]> => {
  for (let round = 0; ; round += 1) {
    const { rows } = await state.query<{ running: number; jobs: number }>(
      `select (select count(*)::int from wand.attempt where status = 'running') as running,
         (select count(*)::int from wand_boss.job) as jobs`,
    );
    const { running, jobs } = rows[0]!;
    if (running === 0 && jobs === 0) return [];
    if (round === 200) return [`${running} attempts and ${jobs} jobs are left`];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const adoptedCount = async (state: pg.Client): Promise<number> => {
  const { rows } = await state.query<{ adopted: number }>(
    `select count(*)::int as adopted from wand.log_chunk c, jsonb_array_elements(c.lines) as l(line)
     where l.line->>3 ~ 'an earlier attempt (was lost after it had committed|had loaded)'`,
  );
  return rows[0]!.adopted;
};

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
