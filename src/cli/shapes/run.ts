import { z } from 'zod';
import type { BlockError, BlockRun, FailedRow, Run, RunSnapshot } from '../../model/run.ts';

const time = z.string().nullable();

/** A run as `runs`, `run` and `show` print it. Times are ISO 8601 UTC, durations milliseconds. */
export const runShape = z.object({
  id: z.string(),
  project: z.string(),
  pipeline: z.string().nullable(),
  status: z.enum(['initial', 'running', 'completed', 'failed', 'cancelled']),
  trigger: z.string(),
  execution_date: z.string(),
  started_at: time,
  finished_at: time,
  duration_ms: z.number().nullable(),
  variables: z.record(z.string(), z.unknown()),
  parent_run_id: z.string().nullable(),
});

export const errorShape = z.object({
  type: z.string(),
  message: z.string(),
  file: z.string().nullable(),
  line: z.number().nullable(),
  traceback: z.string().nullable(),
  fix: z.string().nullable(),
  /** The row at which it failed, where the block's code tells. */
  row: z
    .object({
      input: z.string().nullable(),
      number: z.number().nullable(),
      values: z.array(z.tuple([z.string(), z.string().nullable()])),
    })
    .nullable(),
});

export const blockRunShape = z.object({
  uuid: z.string(),
  status: z.enum([
    'initial',
    'queued',
    'running',
    'completed',
    'failed',
    'cancelled',
    'upstream_failed',
    'condition_failed',
  ]),
  attempt: z.number(),
  rows: z.number().nullable(),
  duration_ms: z.number().nullable(),
  started_at: time,
  finished_at: time,
  worker: z.string().nullable(),
  reused_from: z.string().nullable(),
  /** While it waits: the tags it asks for, if no living worker has them all. */
  missing_tags: z.array(z.string()).nullable(),
  /** What the latest attempt used, where it was measured: the block's processes of Python and TypeScript. */
  usage: z.object({ cpu_ms: z.number(), peak_memory_bytes: z.number() }).nullable(),
  outputs: z.array(
    z.object({
      name: z.string(),
      kind: z.string(),
      rows: z.number().nullable(),
      columns: z.array(z.object({ name: z.string(), type: z.string() })).nullable(),
    }),
  ),
  tests: z.array(z.object({ name: z.string(), passed: z.boolean(), message: z.string().nullable() })),
  error: errorShape.nullable(),
});

/** `wand run` and `wand show`. */
export const snapshotShape = z.object({ version: z.literal(1), run: runShape, blocks: z.array(blockRunShape) });

const stoppedShape = z.object({
  /** False if the run had ended before. */
  cancelled: z.boolean(),
  /** Blocks that were running. */
  stopped: z.array(z.string()),
  /** What is still at work, in words. */
  left: z.array(z.string()),
  /** Profiles whose database could not be asked. */
  unknown: z.array(z.string()),
});

/** `wand cancel`: the run, and what was found of it afterwards. */
export const cancelShape = snapshotShape.extend(stoppedShape.shape);

/** `wand runs`. */
export const runsShape = z.object({ version: z.literal(1), runs: z.array(runShape) });

export const shapeOfRun = (run: Run): z.infer<typeof runShape> => ({
  id: run.id,
  project: run.project,
  pipeline: run.pipeline,
  status: run.status,
  trigger: run.trigger,
  execution_date: run.executionDate,
  started_at: run.startedAt,
  finished_at: run.finishedAt,
  duration_ms: duration(run),
  variables: run.variables,
  parent_run_id: run.parentRunId,
});

export const shapeOfSnapshot = ({ run, blocks }: RunSnapshot): z.infer<typeof snapshotShape> => ({
  version: 1,
  run: shapeOfRun(run),
  blocks: blocks.map(shapeOfBlockRun),
});

export const shapeOfCancel = (
  snapshot: RunSnapshot,
  { cancelled, stopped, left, unknown }: z.infer<typeof stoppedShape>,
): z.infer<typeof cancelShape> => ({ ...shapeOfSnapshot(snapshot), cancelled, stopped, left, unknown });

export const shapeOfError = (error: BlockError | null): z.infer<typeof errorShape> | null =>
  error && { ...error, fix: error.fix ?? null, row: shapeOfRow(error.row) };

const shapeOfRow = (row: FailedRow | null | undefined) =>
  row ? { ...row, values: row.values.map(([column, value]): [string, string | null] => [column, value]) } : null;

const shapeOfBlockRun = (block: BlockRun): z.infer<typeof blockRunShape> => ({
  uuid: block.uuid,
  status: block.status,
  attempt: block.attempt,
  rows: block.rows,
  duration_ms: duration(block),
  started_at: block.startedAt,
  finished_at: block.finishedAt,
  worker: block.worker,
  reused_from: block.reusedFrom,
  missing_tags: block.missingTags ?? null,
  usage: block.usage ? { cpu_ms: block.usage.cpuMs, peak_memory_bytes: block.usage.peakRssBytes } : null,
  outputs: block.outputs.map(({ name, kind, rows, columns }) => ({ name, kind, rows, columns })),
  tests: block.tests,
  error: shapeOfError(block.error),
});

/** Milliseconds from start to end, or to now while it runs. */
export const duration = ({ startedAt, finishedAt }: { startedAt: string | null; finishedAt: string | null }) =>
  startedAt === null ? null : new Date(finishedAt ?? Date.now()).getTime() - new Date(startedAt).getTime();
