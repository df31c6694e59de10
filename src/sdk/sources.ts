import { kind, originHere } from './kinds.ts';

export type CsvOptions = {
  /**
   * Types by column name: `smallint integer bigint double numeric(10,2) text boolean date timestamp timestamptz time uuid`.
   * A column without one gets the narrowest of bigint, double, boolean, date, timestamp and text that fits the first 20,000 rows.
   */
  types?: Record<string, string>;
  /** Names, for a file without a header line. */
  columns?: string[];
  /** `,` unless said otherwise. */
  delimiter?: string;
  /** `"` unless said otherwise. */
  quote?: string;
  /** Texts that mean NULL when not quoted; the empty text unless said otherwise. */
  nullText?: string | string[];
  /** Lines to pass over before the header. */
  skipLines?: number;
  /** strptime formats, such as `%d.%m.%Y`. */
  dateFormat?: string;
  timestampFormat?: string;
};

export type CsvFile = {
  readonly [kind]: 'csv';
  readonly location: string;
  readonly options: CsvOptions;
  readonly origin: string;
};

/** A CSV file as a table: a path (below the working directory unless absolute) or an http(s) URL; `.gz` is unpacked. */
export const csv = (location: string, options: CsvOptions = {}): CsvFile => ({
  [kind]: 'csv',
  location: requireText('csv', location),
  options,
  origin: originHere(csv),
});

export type ParquetFile = { readonly [kind]: 'parquet'; readonly location: string; readonly origin: string };

/** A Parquet file as a table: a path or an http(s) URL. */
export const parquet = (location: string): ParquetFile => ({
  [kind]: 'parquet',
  location: requireText('parquet', location),
  origin: originHere(parquet),
});

export type JsonValue = { readonly [kind]: 'json'; readonly value: unknown };

/** Keeps a value as JSON, also a list of objects, which would become a table otherwise. */
export const json = (value: unknown): JsonValue => ({ [kind]: 'json', value });

const requireText = (maker: string, location: unknown): string => {
  if (typeof location === 'string' && location !== '') return location;
  throw new TypeError(`${maker}: needs a path or URL, got ${location === '' ? 'an empty text' : String(location)}`);
};
