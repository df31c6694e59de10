import type { CellValue } from './output.ts';

/** A chart's figures, as Mage computes them (mage-format.md 10.1), ready to be drawn. */
export type Chart =
  | { kind: 'histogram'; column: string; bars: { min: number; max: number; count: number }[] }
  | { kind: 'bars'; title: string; x: CellValue[][]; series: { name: string; values: (number | null)[] }[] }
  | { kind: 'line'; title: string; x: CellValue[][]; series: { name: string; values: (number | null)[] }[] }
  | { kind: 'pie'; title: string; slices: { label: CellValue; count: number }[] }
  | { kind: 'table'; columns: string[]; rows: CellValue[][] }
  /** `x` in seconds since 1970, the end of each interval. */
  | { kind: 'time'; style: 'bar' | 'line'; title: string; x: number[]; series: { name: string; values: number[] }[] };
