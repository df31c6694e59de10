import { z } from 'zod';

/** A value of a row: 64-bit integers and decimals are text where a double would lose digits. */
const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const row = z.array(cell);
const column = z.object({ name: z.string(), type: z.string() });

/** What `wand preview --json` prints: `output` for a block's output, `table` for a table. */
export const previewShape = z.object({
  version: z.literal(1),
  output: z.string().optional(),
  table: z.string().optional(),
  columns: z.array(column),
  rows: z.array(row),
  row_count: z.number(),
  estimated: z.boolean(),
});

/** What `wand preview --out FILE --json` prints. */
export const exportShape = z.object({
  version: z.literal(1),
  file: z.string(),
  format: z.string(),
  rows: z.number(),
});

const statement = z.object({
  command: z.string(),
  columns: z.array(column),
  rows: z.array(row),
  /** Rows returned or changed; null where a statement does neither. */
  affected: z.number().nullable(),
  /** More rows came than `--limit` keeps; `affected` counts them all. */
  truncated: z.boolean(),
});

/** What `wand sql --json` prints: the last statement's answer, those before it in `earlier`. */
export const sqlShape = statement.extend({ version: z.literal(1), profile: z.string(), earlier: z.array(statement) });

const profileShapeColumn = z.object({
  name: z.string(),
  type: z.string(),
  rows: z.number(),
  nulls: z.number(),
  distinct: z.number(),
  /** `distinct` and the quantiles are estimates. */
  approximate: z.boolean(),
  /** Only a part of the rows was looked at. */
  sampled: z.boolean(),
  min: z.string().nullable(),
  max: z.string().nullable(),
  mean: z.number().nullable(),
  quantiles: z.array(z.object({ p: z.number(), value: z.string() })),
  top: z.array(z.object({ value: cell, count: z.number(), condition: z.string() })),
  bars: z.array(z.object({ label: z.string(), count: z.number(), condition: z.string() })),
});

/** What `wand profile --json` prints; each `condition` is SQL for `--where`. */
export const profileShape = z.object({
  version: z.literal(1),
  output: z.string().optional(),
  table: z.string().optional(),
  columns: z.array(profileShapeColumn),
});

/** What `wand tables --json` prints. */
export const tablesShape = z.object({
  version: z.literal(1),
  tables: z.array(
    z.object({
      schema: z.string(),
      table: z.string(),
      kind: z.enum(['table', 'view']),
      /** As the planner believes. */
      row_estimate: z.number(),
      bytes: z.number(),
      columns: z.array(
        z.object({ name: z.string(), type: z.string(), nullable: z.boolean(), default: z.string().nullable() }),
      ),
      indexes: z.array(
        z.object({
          name: z.string(),
          definition: z.string(),
          unique: z.boolean(),
          primary: z.boolean(),
          bytes: z.number(),
        }),
      ),
    }),
  ),
});

const diffOf = z.object({
  left_rows: z.number(),
  right_rows: z.number(),
  /** Columns that rows were matched by; null where rows were compared as a whole. */
  key: z.array(z.string()).nullable(),
  added: z.number(),
  removed: z.number(),
  changed: z.number(),
  same: z.number(),
  schema: z.array(z.object({ column: z.string(), left: z.string().nullable(), right: z.string().nullable() })),
  changed_columns: z.array(z.object({ column: z.string(), rows: z.number() })),
  columns: z.array(column),
  samples: z.object({
    added: z.array(row),
    removed: z.array(row),
    changed: z.array(z.object({ left: row, right: row })),
  }),
});

/** What `wand diff --json` prints: an entry for each output of either run, with `diff` null and `reason` set where it cannot be compared. */
export const diffShape = z.object({
  version: z.literal(1),
  left: z.string(),
  right: z.string(),
  outputs: z.array(
    z.object({ block: z.string(), output: z.string(), diff: diffOf.nullable(), reason: z.string().nullable() }),
  ),
});
