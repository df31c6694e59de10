import { type Statement, splitStatements } from './split-statements.ts';
import type { Token } from './tokenize.ts';

/** What a statement would take away for good: said in the question, and to be typed before it is done. */
export type Destruction = { what: string; name: string };

/**
 * The first thing that a script destroys; null where it destroys nothing that can be seen: what a function does that it calls is not looked
 * at. The body of DO, and in it what EXECUTE gets as text, is.
 */
export const destroyedBy = (sql: string): Destruction | null =>
  firstOf(splitStatements(sql), (statement) => inStatement(statement));

const firstOf = <Item>(items: readonly Item[], judge: (item: Item) => Destruction | null): Destruction | null => {
  for (const item of items) {
    const found = judge(item);
    if (found) return found;
  }
  return null;
};

const inStatement = ({ tokens }: Statement): Destruction | null => {
  // What it creates may name such statements, and does not run them.
  if (isWord(tokens[0], 'create')) return null;
  if (isWord(tokens[0], 'do')) return firstOf(tokens.filter(isString), (token) => inBody(contentOf(token)));
  if (isWord(tokens[0], 'explain') && !tokens.some((token) => isWord(token, 'analyze', 'analyse'))) return null;
  return inTokens(tokens, startsInSql);
};

/** A block of PL/pgSQL: statements begin after its own words too. */
const inBody = (body: string): Destruction | null =>
  firstOf(splitStatements(body), ({ tokens }) => {
    const executes = tokens.findIndex((token, at) => startsInBody(tokens, at) && isWord(token, 'execute'));
    const texts = executes === -1 ? [] : tokens.slice(executes).filter(isString);
    return inTokens(tokens, startsInBody) ?? firstOf(texts, (token) => destroyedBy(contentOf(token)));
  });

type Starts = (tokens: readonly Token[], at: number) => boolean;

const startsInSql: Starts = (tokens, at) => {
  const before = tokens[at - 1];
  if (!before || isMark(before, ';')) return true;
  // A query of WITH, the statement after that list, what EXPLAIN ANALYZE runs and PREPARE keeps.
  return isRowVerb(tokens[at]!) && (isMark(before, '(', ')') || isWord(before, 'analyze', 'analyse', 'verbose', 'as'));
};

const startsInBody: Starts = (tokens, at) =>
  startsInSql(tokens, at) || isWord(tokens[at - 1], 'begin', 'then', 'else', 'loop') || isMark(tokens[at - 1], '>');

const isRowVerb = (token: Token): boolean => isWord(token, 'delete', 'update');

const inTokens = (tokens: readonly Token[], starts: Starts): Destruction | null => {
  for (let at = 0; at < tokens.length; at++) {
    if (!starts(tokens, at)) continue;
    const found = at === 0 || !isWord(tokens[at], 'create') ? verbs[wordOf(tokens[at])]?.(tokens.slice(at + 1)) : null;
    if (found) return found;
  }
  return null;
};

type Verb = (rest: readonly Token[]) => Destruction | null;

const dropKind = (rest: readonly Token[]): number => {
  const two = `${wordOf(rest[0])} ${wordOf(rest[1])}`;
  if (/^text search|^foreign data/.test(two)) return 3;
  const isPair =
    /^(materialized view|foreign table|access method|event trigger|operator (class|family)|owned by|user mapping)$/;
  return isPair.test(two) ? 2 : 1;
};

/** Where no name can be read, as in the text of a format(), what it does is typed. */
const named = (what: string, name: string | null, verb: string): Destruction =>
  name === null ? { what: 'run', name: verb } : { what, name };

const drop: Verb = (rest) => {
  const kind = rest.slice(0, dropKind(rest)).map(wordOf).join(' ');
  return named('drop', nameIn(rest.slice(dropKind(rest))), `drop ${kind}`.trim());
};

const truncate: Verb = (rest) => named('empty', nameIn(rest), 'truncate');

/** Defaults and the like are no rows and come back with a line. */
const alter: Verb = (rest) => {
  const isPart = (token: Token, at: number): boolean =>
    isWord(token, 'drop') && !isWord(rest[at + 1], 'default', 'not', 'identity', 'expression');
  return outside(rest).some((token) => isPart(token, rest.indexOf(token)))
    ? named('drop a part of', nameIn(rest.slice(dropKind(rest))), 'alter')
    : null;
};

/** With a condition it is an ordinary day's work. */
const deleteFrom: Verb = (rest) =>
  isWord(rest[0], 'from') && !hasCondition(rest) ? named('delete all rows of', nameIn(rest.slice(1)), 'delete') : null;

/** MERGE has no table there: what it updates has matched. */
const update: Verb = (rest) =>
  !isWord(rest[0], 'set') && outside(rest).some((token) => isWord(token, 'set')) && !hasCondition(rest)
    ? named('overwrite all rows of', nameIn(rest), 'update')
    : null;

const verbs: Record<string, Verb | undefined> = Object.assign(Object.create(null), {
  drop,
  truncate,
  alter,
  delete: deleteFrom,
  update,
});

/** Tokens of a statement itself: up to the parenthesis that closes round it, without what stands in its own. */
const outside = (tokens: readonly Token[]): Token[] => {
  const found: Token[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (isMark(token, '(')) depth += 1;
    else if (isMark(token, ')')) depth -= 1;
    else if (depth === 0) found.push(token);
    if (depth < 0 || (depth === 0 && isMark(token, ';'))) break;
  }
  return found;
};

/** `WHERE true` and `WHERE 1 = 1` are none. */
const hasCondition = (tokens: readonly Token[]): boolean => {
  const own = outside(tokens);
  const where = own.findIndex((token) => isWord(token, 'where'));
  if (where === -1) return false;
  const end = own.findIndex((token, at) => at > where && isWord(token, 'returning'));
  const condition = own.slice(where + 1, end === -1 ? own.length : end).filter((token) => !isMark(token, ';'));
  // Its parentheses are not among them: a condition in them is one.
  if (condition.length === 0) return true;
  if (condition.length === 1) return !isWord(condition[0], 'true');
  return !(condition.length === 3 && isMark(condition[1], '=') && condition[0]!.text === condition[2]!.text);
};

const noise = ['table', 'concurrently', 'if', 'exists', 'only'];

/** The first name, without its quotes; null where there is none to type. */
const nameIn = (tokens: readonly Token[]): string | null => {
  const first = tokens.findIndex((token) => !isWord(token, ...noise));
  const parts: string[] = [];
  for (let at = first; at >= 0 && isName(tokens[at]); at += 2) {
    parts.push(unquoted(tokens[at]!.text));
    if (!isMark(tokens[at + 1], '.')) break;
  }
  // An empty quoted name, as in `drop "`, is none either.
  return parts.join('.') || null;
};

const isName = (token: Token | undefined): boolean => token?.kind === 'word' || token?.kind === 'quoted';

const unquoted = (text: string): string => {
  const quoted = /^(?:U&)?"([\s\S]*?)"?$/i.exec(text)?.[1];
  return quoted === undefined ? text : quoted.replaceAll('""', '"');
};

/** What a literal says: its quotes, doubled quotes and escapes away, as far as a statement in it needs. */
const contentOf = ({ text }: Token): string => {
  const tag = /^\$[^$]*\$/.exec(text)?.[0];
  if (tag) return text.slice(tag.length, text.endsWith(tag) ? -tag.length : undefined);
  const [, escapes, inner = ''] = /^(E?)[^']*'([\s\S]*?)'?$/i.exec(text) ?? [];
  const plain = inner.replaceAll("''", "'");
  if (!escapes) return plain;
  return plain.replace(/\\([\s\S])/g, (_, letter: string) => (/[nrt]/.test(letter) ? ' ' : letter));
};

const isString = ({ kind }: Token): boolean => kind === 'string';
const isMark = (token: Token | undefined, ...marks: string[]): boolean =>
  token?.kind === 'mark' && marks.includes(token.text);
const wordOf = (token: Token | undefined): string => (token?.kind === 'word' ? token.text.toLowerCase() : '');
const isWord = (token: Token | undefined, ...words: string[]): boolean => words.includes(wordOf(token));
