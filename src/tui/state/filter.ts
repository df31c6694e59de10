/** What a field of a list's rows holds, and so which comparisons it knows. */
export type FieldKind = 'text' | 'number' | 'duration';

/** One row as a filter sees it: its name, and its fields; a field without a value matches nothing. */
export type Filterable = { name: string; fields: Readonly<Record<string, string | number | null>> };

export type Filter = {
  matches(row: Filterable): boolean;
  /** Why a word of it is left out of account; null where all is understood. */
  problem: string | null;
};

type Term = (row: Filterable) => boolean;

/**
 * `state:failed dur>5m yellow -trigger:schedule`: every word must fit. A plain word is part of the name; `field:text` is part of a field,
 * `field=text` all of it; `>` `<` `>=` `<=` compare numbers (`10k`) and durations (`90s`, `1h30m`); `-` before a word turns it round.
 */
export const parseFilter = (text: string, kinds: Readonly<Record<string, FieldKind>>): Filter => {
  const terms: Term[] = [];
  let problem: string | null = null;
  for (const word of wordsOf(text)) {
    const negated = word.length > 1 && /^[-!]/.test(word);
    const term = termOf(negated ? word.slice(1) : word, kinds);
    if (typeof term === 'string') problem ??= term;
    else terms.push(negated ? (row) => !term(row) : term);
  }
  return { matches: (row) => terms.every((term) => term(row)), problem };
};

/** Blanks part words, unless they are in quotes. */
const wordsOf = (text: string): string[] =>
  [...text.matchAll(/(?:"[^"]*"?|[^\s"])+/g)].map(([word]) => word.replaceAll('"', ''));

const termOf = (word: string, kinds: Readonly<Record<string, FieldKind>>): Term | string => {
  const parts = /^([a-z]+)(:|=|>=|<=|>|<)(.*)$/i.exec(word);
  if (!parts) return ({ name }) => name.toLowerCase().includes(word.toLowerCase());
  const [, name = '', operator = '', value = ''] = parts;
  const field = name.toLowerCase();
  const kind = kinds[field];
  if (!kind) return `there is no field ${field}: ${Object.keys(kinds).join(', ')}`;
  if (value === '') return `${field}${operator} wants a value`;
  if (kind === 'text') {
    if (operator !== ':' && operator !== '=') return `${field} is text: ${field}:${value}`;
    const wanted = value.toLowerCase();
    return ({ fields }) => {
      const text = String(fields[field] ?? '').toLowerCase();
      return operator === '=' ? text === wanted : text.includes(wanted);
    };
  }
  const wanted = kind === 'duration' ? milliseconds(value) : amount(value);
  if (wanted === null)
    return kind === 'duration' ? `${value} is no duration: 90s, 5m, 1h30m` : `${value} is no number: 12, 10k, 1.5M`;
  return ({ fields }) => {
    const number = fields[field];
    return typeof number === 'number' && compare(number, operator, wanted);
  };
};

const compare = (number: number, operator: string, wanted: number): boolean => {
  switch (operator) {
    case '>':
      return number > wanted;
    case '<':
      return number < wanted;
    case '>=':
      return number >= wanted;
    case '<=':
      return number <= wanted;
    default:
      return number === wanted;
  }
};

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `5m`, `1h30m`, `200ms`; a bare number is seconds. */
const milliseconds = (text: string): number | null => {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return null;
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * units[unit!]!,
    0,
  );
};

const scales: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };

const amount = (text: string): number | null => {
  const parts = /^(\d+(?:\.\d+)?)([kmg]?)$/i.exec(text);
  return parts ? Number(parts[1]) * scales[parts[2]!.toLowerCase()]! : null;
};
