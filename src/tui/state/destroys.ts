/** What a statement would take away for good: said in the question, and to be typed before it is done. */
export type Destruction = { what: string; name: string };

const identifier = String.raw`((?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)(?:\s*\.\s*(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*))*)`;

const forms: readonly { what: string; pattern: RegExp }[] = [
  {
    what: 'drop',
    pattern: new RegExp(
      String.raw`\bdrop\s+(?:table|view|materialized\s+view|schema|database|foreign\s+table|sequence|type|owned\s+by)\s+(?:if\s+exists\s+)?${identifier}`,
      'iu',
    ),
  },
  { what: 'empty', pattern: new RegExp(String.raw`\btruncate\s+(?:table\s+)?(?:only\s+)?${identifier}`, 'iu') },
  {
    what: 'drop a part of',
    pattern: new RegExp(String.raw`\balter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?${identifier}[^;]*\bdrop\b`, 'iu'),
  },
  // With a condition it is an ordinary day's work.
  {
    what: 'delete all rows of',
    pattern: new RegExp(String.raw`\bdelete\s+from\s+(?:only\s+)?${identifier}(?![^;]*\bwhere\b)`, 'iu'),
  },
];

/** The first thing that a script destroys; null where it destroys nothing that we know of. */
export const destroyedBy = (sql: string): Destruction | null => {
  const text = withoutText(sql);
  for (const { what, pattern } of forms) {
    const name = pattern.exec(text)?.[1];
    if (name) return { what, name: name.replaceAll('"', '').replace(/\s*\.\s*/g, '.') };
  }
  return null;
};

/** Without comments and quoted text, in which nothing is done. */
const withoutText = (sql: string): string =>
  sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|\$([\p{L}_]*)\$[\s\S]*?\$\1\$/gu, ' ');
