import { messageOf, WandError } from '../../problem/wand-error.ts';
import { diskFull } from './disk-full.ts';
import type { Workshop } from './execute-task.ts';
import { userPlace } from './problems.ts';

/**
 * DuckDB's error as one message that names file, line, column and value; the query's own errors point at the user's line
 * where the query was written (`origin`, a stack).
 */
export const queryProblem = (workshop: Workshop, problem: unknown, origin: string): unknown => {
  if (problem instanceof WandError || !(problem instanceof Error)) return problem;
  const full = diskFull(problem, workshop.task.outputFolder);
  if (full) return full;
  const text = withShownFiles(workshop, messageOf(problem));
  return badCsvRow(text, problem) ?? outOfMemory(text, problem) ?? badQuery(workshop, text, problem, origin);
};

const withShownFiles = ({ shownFiles }: Workshop, text: string): string =>
  [...shownFiles].reduce((shown, [path, location]) => shown.replaceAll(path, location), text);

const badCsvRow = (text: string, cause: Error): WandError | null => {
  const line = /CSV Error on Line: (\d+)/.exec(text)?.[1];
  if (line === undefined) return null;
  const file = /^\s+file = (.*)$/m.exec(text)?.[1] ?? 'the CSV file';
  const value = /Error when converting column "(.*?)"\. Could not convert string "(.*?)" to '([^'\n]*)'/s.exec(text);
  const details = { file, line: Number(line), cause };
  if (value) {
    const [, column, found, type] = value;
    return new WandError(
      'bad-csv-row',
      `${file} line ${line}, column ${column}: "${found}" is no ${type!.toLowerCase()}`,
      {
        ...details,
        fix: `correct the line, or read the column as text: csv(..., { types: { ${column}: 'text' } })`,
      },
    );
  }
  const count = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(text);
  const original = /Original Line: (.*)/.exec(text)?.[1] ?? '';
  if (count) {
    return new WandError(
      'bad-csv-row',
      `${file} line ${line} has ${count[2]} fields instead of ${count[1]}: ${original.slice(0, 200)}`,
      {
        ...details,
        fix: 'correct the line; a field with a delimiter in it needs quotes',
      },
    );
  }
  const reason =
    text.split('\n').find((part) => part.trim() !== '' && !/CSV Error on Line|Original Line/.test(part)) ?? text;
  return new WandError('bad-csv-row', `${file} line ${line}: ${reason.trim()} (${original.slice(0, 200)})`, {
    ...details,
    fix: 'correct the line, or say how the file is written: csv(..., { delimiter, quote, ... })',
  });
};

const outOfMemory = (text: string, cause: Error): WandError | null =>
  /Out of Memory/i.test(text)
    ? new WandError('query-memory', `the query needs more memory than it may take: ${text.split('\n')[0]}`, {
        fix: 'select fewer columns, or split the block; sorts and joins spill to disk, wide aggregates cannot',
        cause,
      })
    : null;

const badQuery = (workshop: Workshop, text: string, cause: Error, origin: string): WandError => {
  const place = userPlace(origin, workshop.task);
  const [first, ...rest] = text.trim().split('\n\n');
  const where = rest.join('\n').trim();
  return new WandError('query-failed', where === '' ? first! : `${first}\n${where}`, {
    file: place?.file,
    line: place?.line,
    cause,
  });
};
