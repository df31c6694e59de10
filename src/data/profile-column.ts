import type { CellValue } from '../model/output.ts';
import type { ColumnProfile, ProfileBar } from '../model/profile.ts';
import { numberBars, type Steps, stepsBetween, timeBars } from './profile-bars.ts';

/** How one database asks for what a profile needs; everything else is SQL that both read. */
export type ProfileDialect = {
  /** Rows of a query as arrays. */
  rows(sql: string): Promise<CellValue[][]>;
  quote(name: string): string;
  literal(text: string): string;
  /** The value as a double, for numbers; in seconds since 1970 for times. */
  asNumber(column: string, kind: 'number' | 'time'): string;
  finite(number: string): string;
  distinct(column: string): string;
  approximate: boolean;
  /** Quantiles of an expression as an array or a list, cast to text. */
  quantiles(number: string, places: readonly number[]): string[];
  text(column: string): string;
};

const places = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;
const mostValues = 12;
/** Characters kept of a value: a cell may hold a megabyte. */
const longestValue = 400;

export type ProfileRequest = {
  column: string;
  /** Short name of its type, such as `int64`. */
  type: string;
  /** What is read: a table expression with its WHERE. */
  from: string;
  where: string;
  sampled: boolean;
};

/** Everything a screen says about a column, in three or four passes over it. */
export const profileColumn = async (dialect: ProfileDialect, request: ProfileRequest): Promise<ColumnProfile> => {
  const { column: name, type, from, where, sampled } = request;
  const column = dialect.quote(name);
  const kind = kindOf(type);
  const comparable = kind !== 'other';
  const number = kind === 'number' || kind === 'time' ? dialect.asNumber(column, kind) : null;
  const counts = [
    'count(*)',
    `count(${column})`,
    comparable ? dialect.distinct(column) : 'NULL',
    comparable && type !== 'bool' && type !== 'uuid' ? shortened(dialect.text(`min(${column})`)) : 'NULL',
    comparable && type !== 'bool' && type !== 'uuid' ? shortened(dialect.text(`max(${column})`)) : 'NULL',
    kind === 'number' ? `avg(CASE WHEN ${dialect.finite(number!)} THEN ${number} END)` : 'NULL',
  ];
  const [facts = []] = await dialect.rows(`SELECT ${counts.join(', ')} FROM ${from}${where}`);
  const [rows, filled, distinct, min, max, mean] = facts;
  const profile: ColumnProfile = {
    name,
    type,
    rows: Number(rows ?? 0),
    nulls: Number(rows ?? 0) - Number(filled ?? 0),
    distinct: Number(distinct ?? 0),
    approximate: dialect.approximate,
    sampled,
    min: textOf(min),
    max: textOf(max),
    mean: mean === null || mean === undefined ? null : Number(mean),
    quantiles: [],
    top: [],
    bars: [],
  };
  if (!comparable || Number(filled) === 0) return profile;
  const top = await topValues(dialect, request, column, type);
  if (profile.distinct <= mostValues || number === null) return { ...profile, top, bars: valueBars(top, kind) };
  return { ...profile, top, ...(await spread(dialect, request, column, number, kind as 'number' | 'time')) };
};

const shortened = (text: string): string => `left(${text}, ${longestValue})`;

const kindOf = (type: string): 'number' | 'time' | 'text' | 'other' => {
  if (/\[\]$/.test(type)) return 'other';
  if (/^(u?int|float|decimal|numeric)/.test(type)) return 'number';
  if (/^(timestamp|timestamptz|date)$/.test(type)) return 'time';
  return /^(text|bool|uuid|name|char|enum)/.test(type) ? 'text' : 'other';
};

const textOf = (value: CellValue | undefined): string | null =>
  value === null || value === undefined ? null : String(value);

const topValues = async (
  dialect: ProfileDialect,
  { from, where }: ProfileRequest,
  column: string,
  type: string,
): Promise<ColumnProfile['top']> => {
  const shown = shortened(type === 'text' ? column : dialect.text(column));
  const found = await dialect.rows(
    `SELECT ${shown} AS value, count(*) AS n FROM ${from}${where}${where ? ' AND' : ' WHERE'} ${column} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${mostValues}`,
  );
  return found.map(([value, count]) => ({
    value: value ?? null,
    count: Number(count),
    condition: `${String(value).length >= longestValue ? shown : column} = ${/^(u?int|float|decimal|numeric)/.test(type) && /^-?\d/.test(String(value)) ? value : dialect.literal(String(value))}`,
  }));
};

/** Few values: a bar each, numbers and times in their order, texts by how many there are. */
const valueBars = (top: ColumnProfile['top'], kind: string): ProfileBar[] => {
  const bars = top.map(({ value, count, condition }) => ({ label: String(value), count, condition }));
  if (kind === 'number') return bars.sort((a, b) => Number(a.label) - Number(b.label));
  return kind === 'time' ? bars.sort((a, b) => (a.label < b.label ? -1 : 1)) : bars.slice(0, 8);
};

/** Quantiles, and bars from the first to the last percentile: an outlier must not push all rows into one bar. */
const spread = async (
  dialect: ProfileDialect,
  { from, where, type }: ProfileRequest,
  column: string,
  number: string,
  kind: 'number' | 'time',
): Promise<Pick<ColumnProfile, 'quantiles' | 'bars'>> => {
  const only = `${where}${where ? ' AND' : ' WHERE'} ${dialect.finite(number)}`;
  const [found = []] = await dialect.rows(`SELECT ${dialect.quantiles(number, places).join(', ')} FROM ${from}${only}`);
  const values = found.map(Number);
  if (values.some((value) => !Number.isFinite(value))) return { quantiles: [], bars: [] };
  const [low, , , , , , high] = values;
  const steps = stepsBetween(low!, high!, kind === 'time' || /int/.test(type));
  const bars = await countedBars(dialect, `${from}${only}`, number, steps);
  return {
    quantiles: places.slice(1, -1).map((p, at) => ({ p, value: quantileText(values[at + 1]!, kind) })),
    bars: kind === 'time' ? timeBars(column, type, steps, bars) : numberBars(column, steps, bars),
  };
};

const countedBars = async (
  dialect: ProfileDialect,
  from: string,
  number: string,
  { start, width, count }: Steps,
): Promise<Map<number, number>> => {
  const place = `least(greatest(floor((${number} - (${start})) / ${width}), 0), ${count - 1})`;
  const rows = await dialect.rows(`SELECT ${place} AS bar, count(*) AS n FROM ${from} GROUP BY 1`);
  return new Map(rows.map(([bar, rowCount]) => [Number(bar), Number(rowCount)]));
};

const quantileText = (value: number, kind: 'number' | 'time'): string =>
  kind === 'number'
    ? String(Number(value.toPrecision(12)))
    : new Date(value * 1000).toISOString().slice(0, 19).replace('T', ' ');
