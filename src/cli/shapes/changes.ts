import { z } from 'zod';
import type { Changed, RunChanges } from '../../model/run-changes.ts';

const kind = z.enum(['added', 'removed', 'changed']);
/** `left` or `right` is missing where the value is not there at all. */
const changed = z.object({ name: z.string(), left: z.unknown().optional(), right: z.unknown().optional() });

/** What `wand diff --code --json` prints. `files` is null where one of the runs has kept no code. */
export const changesShape = z.object({
  version: z.literal(1),
  left: z.string(),
  right: z.string(),
  execution_date: z.object({ left: z.string(), right: z.string() }).nullable(),
  variables: z.array(changed),
  blocks: z.array(
    z.object({
      block: z.string(),
      change: kind,
      upstream: z.object({ left: z.array(z.string()), right: z.array(z.string()) }).nullable(),
      settings: z.array(changed),
    }),
  ),
  files: z
    .array(
      z.object({
        path: z.string(),
        change: kind,
        blocks: z.array(z.string()),
        /** Lines of a unified diff; null for what is not code. */
        patch: z.array(z.string()).nullable(),
      }),
    )
    .nullable(),
});

export const shapeOfChanges = ({ executionDate, ...changes }: RunChanges): z.infer<typeof changesShape> => ({
  version: 1,
  ...changes,
  execution_date: executionDate,
  variables: changes.variables as Changed[],
});
