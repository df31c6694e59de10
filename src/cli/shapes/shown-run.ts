import { z } from 'zod';
import { criticalPath } from '../../graph/critical-path.ts';
import type { RunPast, RunSnapshot } from '../../model/run.ts';
import { blockRunShape, duration, errorShape, shapeOfError, shapeOfSnapshot, snapshotShape } from './run.ts';

const usage = blockRunShape.shape.usage;

/** What `wand show --json` prints: a run with all its attempts, what made it as long as it was, and how long it usually takes. */
export const shownRunShape = snapshotShape.extend({
  attempts: z.array(
    z.object({
      block: z.string(),
      attempt: z.number(),
      status: z.enum(['running', 'completed', 'failed', 'cancelled', 'lost']),
      started_at: z.string(),
      finished_at: z.string().nullable(),
      duration_ms: z.number().nullable(),
      host: z.string(),
      worker: z.string(),
      usage,
      error: errorShape.nullable(),
    }),
  ),
  critical_path: z.array(z.string()),
  /** Median of the completed runs before it; null and missing where there is none. */
  usual_ms: z.object({ run: z.number().nullable(), blocks: z.record(z.string(), z.number()) }),
});

export const shapeOfShown = (snapshot: RunSnapshot, { attempts, usual }: RunPast): z.infer<typeof shownRunShape> => ({
  ...shapeOfSnapshot(snapshot),
  attempts: attempts.map((attempt) => ({
    block: attempt.block,
    attempt: attempt.attempt,
    status: attempt.status,
    started_at: attempt.startedAt,
    finished_at: attempt.finishedAt,
    duration_ms: duration(attempt),
    host: attempt.host,
    worker: attempt.worker,
    error: shapeOfError(attempt.error),
    usage: attempt.usage && { cpu_ms: attempt.usage.cpuMs, peak_memory_bytes: attempt.usage.peakRssBytes },
  })),
  critical_path: criticalPath(
    snapshot.blocks.map(({ uuid, upstream, startedAt, finishedAt, reusedFrom }) => ({
      uuid,
      upstream,
      start: startedAt === null || reusedFrom !== null ? null : Date.parse(startedAt),
      end: finishedAt === null || reusedFrom !== null ? null : Date.parse(finishedAt),
    })),
  ),
  usual_ms: usual,
});
