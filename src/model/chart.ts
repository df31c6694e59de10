import type { CellValue } from './output.ts';

/** Values of a series, one for each `x`; null where there is none. */
export type ChartSeries = { name: string; values: (number | null)[] };

/** A chart's figures, as Mage computes them (mage-format.md 10.1), ready to be drawn. */
export type Chart =
  | { kind: 'histogram'; column: string; bars: { min: number; max: number; count: number }[] }
  | { kind: 'bars' | 'line'; groups: string[]; x: CellValue[][]; series: ChartSeries[] }
  | { kind: 'pie'; column: string; slices: { label: CellValue; count: number }[] }
  | { kind: 'table'; columns: string[]; rows: CellValue[][] }
  /** `x` in seconds since 1970: the end of each interval. */
  | { kind: 'time'; style: 'bar' | 'line'; column: string; x: number[]; series: ChartSeries[] };

/** A chart block with its figures, or why it has none. */
export type ChartResult = {
  uuid: string;
  name: string;
  /** `chart_type` as written; empty where there is none. */
  type: string;
  /** The block whose output it shows. */
  block: string | null;
  chart: Chart | null;
  reason: string | null;
};
