import { z } from 'zod';
import type { RunPlan } from '../../engine/client/plan-run.ts';

/** `wand run --dry-run`. Times are ISO 8601 UTC, durations milliseconds. */
export const runPlanShape = z.object({
  version: z.literal(1),
  plan: z.object({
    run: z.array(z.string()),
    reuse: z.array(z.object({ block: z.string(), run: z.string(), rows: z.number().nullable() })),
    writes: z.array(z.object({ table: z.string(), policy: z.string(), block: z.string() })),
    warnings: z.array(z.string()),
    parent_run: z.string().nullable(),
    execution_date: z.string().nullable(),
    variables: z.record(z.string(), z.unknown()),
    code: z.enum(['then', 'now']),
    changed_files: z.array(z.string()).nullable(),
    expected_ms: z.number().nullable(),
    command: z.string(),
  }),
});

export const planShape = (plan: RunPlan): z.infer<typeof runPlanShape> => ({
  version: 1,
  plan: {
    run: plan.run,
    reuse: plan.reuse,
    writes: plan.writes.map(({ table, policy, block }) => ({ table, policy, block })),
    warnings: plan.warnings,
    parent_run: plan.parentRun,
    execution_date: plan.executionDate,
    variables: plan.variables,
    code: plan.code,
    changed_files: plan.changedFiles,
    expected_ms: plan.expectedMs,
    command: plan.command,
  },
});
