import { z } from 'zod';

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const series = z.array(z.object({ name: z.string(), values: z.array(z.number().nullable()) }));

const chart = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('histogram'),
    column: z.string(),
    bars: z.array(z.object({ min: z.number(), max: z.number(), count: z.number() })),
  }),
  z.object({ kind: z.literal('bars'), groups: z.array(z.string()), x: z.array(z.array(cell)), series }),
  z.object({ kind: z.literal('line'), groups: z.array(z.string()), x: z.array(z.array(cell)), series }),
  z.object({
    kind: z.literal('pie'),
    column: z.string(),
    slices: z.array(z.object({ label: cell, count: z.number() })),
  }),
  z.object({ kind: z.literal('table'), columns: z.array(z.string()), rows: z.array(z.array(cell)) }),
  /** `x` in seconds since 1970: the end of each interval. */
  z.object({
    kind: z.literal('time'),
    style: z.enum(['bar', 'line']),
    column: z.string(),
    x: z.array(z.number()),
    series,
  }),
]);

/** What `wand chart --json` prints: a chart with null figures says why in `reason`. */
export const chartsShape = z.object({
  version: z.literal(1),
  pipeline: z.string(),
  run: z.string().nullable(),
  charts: z.array(
    z.object({
      uuid: z.string(),
      name: z.string(),
      type: z.string(),
      block: z.string().nullable(),
      chart: chart.nullable(),
      reason: z.string().nullable(),
    }),
  ),
});
