import type { CellValue } from './output.ts';

/** One bar of a histogram. `condition` is SQL that keeps just its rows. */
export type ProfileBar = { label: string; count: number; condition: string };

/** What is known of one column. Minimum, maximum and quantiles are text as the database prints them, null where the type has none. */
export type ColumnProfile = {
  name: string;
  type: string;
  rows: number;
  nulls: number;
  distinct: number;
  /** `distinct` is an estimate. */
  approximate: boolean;
  /** Rows looked at where that is not all of them. */
  sampled: boolean;
  min: string | null;
  max: string | null;
  mean: number | null;
  /** p05, p25, p50, p75, p95 of numbers and times. */
  quantiles: { p: number; value: string }[];
  top: { value: CellValue; count: number; condition: string }[];
  bars: ProfileBar[];
};
