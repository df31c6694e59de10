import { WandError } from '../problem/wand-error.ts';

/** A name as an SQL identifier in double quotes, safe whatever the name holds. Throws WandError for an empty name or a zero byte. */
export const quoteIdentifier = (name: string): string => {
  if (name === '' || name.includes('\0')) {
    throw new WandError('invalid-name', `${JSON.stringify(name)} cannot be a name in Postgres.`, {
      fix: 'Give it at least one character and no zero byte.',
    });
  }
  return `"${name.replaceAll('"', '""')}"`;
};

/** A text as an SQL literal, safe with either setting of standard_conforming_strings. Throws WandError for a zero byte. */
export const quoteLiteral = (text: string): string => {
  if (text.includes('\0')) {
    throw new WandError('invalid-text', 'Postgres cannot hold a text with a zero byte.', {
      fix: 'Remove the zero byte.',
    });
  }
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return quoted.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
};

/** `"schema"."table"`. */
export const qualifiedName = ({ schema, table }: { schema: string; table: string }): string =>
  `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
