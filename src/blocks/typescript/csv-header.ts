import { closeSync, openSync, readSync } from 'node:fs';
import { WandError } from '../../problem/wand-error.ts';
import type { CsvOptions } from '../../sdk/sources.ts';

const longestHeader = 1024 * 1024;

/** The names in the first line (after `skipLines`). Doubled names get `_1`, empty ones `column_N`. */
export const headerNames = (path: string, location: string, options: CsvOptions): string[] => {
  const fields = headerFields(firstBytes(path), options);
  if (fields.length === 1 && fields[0] === '') {
    throw new WandError('csv-empty', `${location} has no header line`, {
      file: location,
      fix: 'check that it is the right file, or name its columns: csv(path, { columns: [...] })',
    });
  }
  const seen = new Set<string>();
  return fields.map((field, at) => {
    const wanted = field.trim() === '' ? `column_${at + 1}` : field.trim();
    let name = wanted;
    for (let copy = 1; seen.has(name.toLowerCase()); copy++) name = `${wanted}_${copy}`;
    seen.add(name.toLowerCase());
    return name;
  });
};

const firstBytes = (path: string): string => {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(longestHeader);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, longestHeader, 0)).replace(/^\uFEFF/, '');
  } finally {
    closeSync(file);
  }
};

const headerFields = (text: string, { delimiter = ',', quote = '"', skipLines = 0 }: CsvOptions): string[] => {
  let at = 0;
  for (let line = 0; line < skipLines; line++) at = text.indexOf('\n', at) + 1 || text.length;
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (; at < text.length; at++) {
    const sign = text[at]!;
    if (quoted && sign === quote && text[at + 1] === quote) {
      field += quote;
      at++;
    } else if (sign === quote) quoted = !quoted;
    else if (!quoted && (sign === '\n' || sign === '\r')) break;
    else if (!quoted && text.startsWith(delimiter, at)) {
      fields.push(field);
      field = '';
      at += delimiter.length - 1;
    } else field += sign;
  }
  return [...fields, field];
};
