import { z } from 'zod';
import type { Problem } from '../../model/problem.ts';

/** A problem as `check` and `ls` print it. */
export const problemShape = z.object({
  severity: z.enum(['error', 'warning']),
  project: z.string().nullable(),
  pipeline: z.string().nullable(),
  block: z.string().nullable(),
  /** Absolute path. */
  file: z.string().nullable(),
  /** 1-based. */
  line: z.number().int().nullable(),
  message: z.string(),
  fix: z.string().nullable(),
});

export const problemJson = (problem: Problem): z.infer<typeof problemShape> => ({
  severity: problem.severity,
  project: problem.project ?? null,
  pipeline: problem.pipeline ?? null,
  block: problem.block ?? null,
  file: problem.file ?? null,
  line: problem.line ?? null,
  message: problem.message,
  fix: problem.fix ?? null,
});
