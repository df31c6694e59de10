import { z } from 'zod';

/** Null: no limit. */
const limits = z.object({ days: z.number().nullable(), bytes: z.number().nullable() });

/** `wand retention`; bytes of what went (or would go), and of what is kept. */
export const retentionShape = z.object({
  version: z.literal(1),
  host: z.string(),
  dry_run: z.boolean(),
  settings: z.object({ outputs: limits, logs: limits }),
  outputs: z.object({
    runs: z.array(z.string()),
    bytes: z.number(),
    kept_bytes: z.number(),
    /** Copies of other hosts' outputs. */
    copies: z.number(),
  }),
  logs: z.object({ runs: z.array(z.string()), bytes: z.number(), kept_bytes: z.number() }),
  /** Tables made of files that `wand run FILE --input` was given. */
  given: z.object({ files: z.number(), bytes: z.number() }),
  /** Of ended runs, in the databases of the data. */
  markers: z.object({ markers: z.number(), databases: z.number(), unreachable: z.number() }),
  sent_bytes: z.number(),
});
