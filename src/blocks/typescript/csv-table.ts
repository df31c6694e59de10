import { duckIdentifier, textLiteral } from '../../data/duckdb.ts';
import { WandError } from '../../problem/wand-error.ts';
import type { CsvFile, CsvOptions } from '../../sdk/sources.ts';
import { headerNames } from './csv-header.ts';
import type { Workshop } from './execute-task.ts';
import { plainFile } from './source-files.ts';

/**
 * A CSV file in SQL. Names come from the header line, dialect and types are all said: DuckDB's own guess of a dialect can
 * pass over a ragged file without an error and give no rows.
 */
export const csvTable = async (workshop: Workshop, { location, options }: CsvFile): Promise<string> => {
  const path = await plainFile(workshop, location);
  const names = options.columns ?? headerNames(path, location, options);
  requireKnownNames(names, location, options);
  const unknown = names.filter((name) => options.types?.[name] === undefined);
  const found = unknown.length > 0 ? await typesInSample(workshop, path, names, options) : {};
  return readCsv(
    path,
    options,
    names.map((name) => [name, options.types?.[name] ?? found[name] ?? 'VARCHAR']),
  );
};

const readCsv = (path: string, options: CsvOptions, columns: [string, string][]): string => {
  const settings = [
    textLiteral(path),
    `columns = {${columns.map(([name, type]) => `${textLiteral(name)}: ${textLiteral(type)}`).join(', ')}}`,
    `header = ${options.columns === undefined}`,
    `delim = ${textLiteral(options.delimiter ?? ',')}`,
    `quote = ${textLiteral(options.quote ?? '"')}`,
    `escape = ${textLiteral(options.quote ?? '"')}`,
    `nullstr = [${[options.nullText ?? ''].flat().map(textLiteral).join(', ')}]`,
    'allow_quoted_nulls = false',
    `skip = ${Math.trunc(options.skipLines ?? 0)}`,
    'auto_detect = false',
    // 32 MB by default; at 4 MB the month takes the same time and the process 60 to 300 MB less.
    'buffer_size = 4000000',
  ];
  if (options.dateFormat) settings.push(`dateformat = ${textLiteral(options.dateFormat)}`);
  if (options.timestampFormat) settings.push(`timestampformat = ${textLiteral(options.timestampFormat)}`);
  return `read_csv(${settings.join(', ')})`;
};

const requireKnownNames = (names: string[], location: string, { types = {} }: CsvOptions): void => {
  const unknown = Object.keys(types).filter((name) => !names.includes(name));
  if (unknown.length === 0) return;
  throw new WandError('csv-columns', `${location} has no column ${unknown.join(', ')}`, {
    file: location,
    fix: `its columns are: ${names.join(', ')}`,
  });
};

const sampleRows = 20_000;

const typesInSample = async (
  workshop: Workshop,
  path: string,
  names: string[],
  options: CsvOptions,
): Promise<Record<string, string>> => {
  const all = readCsv(
    path,
    options,
    names.map((name) => [name, 'VARCHAR']),
  );
  const tests = names.flatMap((name) =>
    candidates.map(({ test }) => `coalesce(bool_and(${test(duckIdentifier(name))}), false)`),
  );
  const { connection } = await workshop.duckdb();
  const answers = (
    await connection.runAndReadAll(`SELECT ${tests.join(', ')} FROM (FROM ${all} LIMIT ${sampleRows})`)
  ).getRows()[0]!;
  return Object.fromEntries(
    names.map((name, at) => {
      const fits = candidates.find((_, which) => answers[at * candidates.length + which] === true);
      return [name, fits?.type ?? 'VARCHAR'];
    }),
  );
};

/** The narrowest first. Whole numbers with a leading zero are codes, not numbers. A column of nothing but NULL fits none. */
const candidates: { type: string; test(column: string): string }[] = [
  { type: 'BIGINT', test: (column) => `regexp_full_match(${column}, '-?(0|[1-9]\\d{0,17})')` },
  {
    type: 'DOUBLE',
    test: (column) =>
      `regexp_full_match(${column}, '-?(0|[1-9]\\d*)?(\\.\\d*)?([eE][+-]?\\d+)?') AND regexp_matches(${column}, '\\d')`,
  },
  { type: 'BOOLEAN', test: (column) => `lower(${column}) IN ('true', 'false')` },
  {
    type: 'DATE',
    test: (column) =>
      `regexp_full_match(${column}, '\\d{4}-\\d\\d-\\d\\d') AND TRY_CAST(${column} AS DATE) IS NOT NULL`,
  },
  {
    type: 'TIMESTAMP',
    test: (column) =>
      `regexp_full_match(${column}, '\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?') AND TRY_CAST(${column} AS TIMESTAMP) IS NOT NULL`,
  },
];
