import { quoteWord } from './folded-name.ts';
import type { Statement } from './split-statements.ts';
import type { Token } from './tokenize.ts';

/** What a raw block must know of a statement before it runs it; whether it gives rows is the server's word alone. */
export type StatementKind = {
  /** `begin` and `commit` are plain ones; `transaction` is any other that ends or starts a transaction. */
  control: 'begin' | 'commit' | 'transaction' | null;
  /** Refuses to run in a transaction block: what to call it, such as `VACUUM`. */
  refusesTransaction: string | null;
  copyFromStdin: boolean;
  changesRole: boolean;
  /** The table it creates, inserts into or updates, as SQL text. */
  write: { action: 'create' | 'insert' | 'update'; table: string } | null;
  /** Reads as a question: what it may write all the same (by a function, below WITH) the server knows. */
  onlyAsks: boolean;
};

/** Reads the kind of a statement from its words (mage-format.md 4.4, with a tokenizer in place of its patterns). */
export const kindOf = (statement: Statement): StatementKind => {
  const words = wordsOf(statement.tokens);
  const line = words.join(' ');
  const write = writeOf(statement.tokens);
  return {
    control: controlOf(line),
    refusesTransaction: refusal(line),
    copyFromStdin: /^copy\b.*\bfrom stdin\b/.test(line),
    changesRole: /^set (local |session )?(role|authorization)\b|^set session authorization\b/.test(line),
    write,
    // A notification leaves at COMMIT and is nothing written until then.
    onlyAsks: write === null && /^(select|with|values|table|show|set)\b/.test(line) && !/\b(pg_)?notify\b/.test(line),
  };
};

// Everything but unquoted words becomes `?`, so that text in literals is never taken for a keyword.
const wordsOf = (tokens: Token[]): string[] =>
  tokens.map((token) => (token.kind === 'word' ? token.text.toLowerCase() : '?'));

const controlOf = (line: string): StatementKind['control'] => {
  if (/^(begin( work| transaction)?|start transaction)$/.test(line)) return 'begin';
  if (/^(commit|end)( work| transaction)?$/.test(line)) return 'commit';
  if (/^(begin|start transaction|commit|end|abort|prepare transaction)\b/.test(line)) return 'transaction';
  return /^rollback( work| transaction)?( and| prepared|$)/.test(line) ? 'transaction' : null;
};

const refusal = (line: string): string | null => {
  const simple =
    /^(vacuum|(create|drop) (database|tablespace)|alter system|(create|drop|alter) subscription|discard all)\b/;
  const found = simple.exec(line)?.[1];
  if (found) return found.toUpperCase();
  if (/^alter database\b.*\bset tablespace\b/.test(line)) return 'ALTER DATABASE ... SET TABLESPACE';
  if (/^reindex\b.*\b(database|system|schema)\b/.test(line)) return 'REINDEX of a whole schema or database';
  if (/^cluster( verbose)?$/.test(line)) return 'CLUSTER of all tables';
  if (/^(create( unique)? index|drop index|reindex|alter table)\b.*\bconcurrently\b/.test(line)) return 'CONCURRENTLY';
  return null;
};

const writeOf = (tokens: Token[]): StatementKind['write'] => {
  const outer = outside(tokens);
  const words = wordsOf(outer);
  const verb = words[0] === 'with' ? words.findIndex((word) => mainVerb.test(word)) : 0;
  if (verb < 0) return null;
  const rest = words.slice(verb).join(' ');
  const table = (pattern: RegExp): string | null => {
    const found = pattern.exec(rest);
    return found ? nameAt(outer, verb + found[0].trim().split(' ').length) : null;
  };
  const into = words.slice(verb).indexOf('into');
  if (words[verb] === 'select' && into > 0) {
    const name = nameAt(
      outer,
      verb + into + 1 + words.slice(verb + into + 1).findIndex((word) => !intoNoise.has(word)),
    );
    return name ? { action: 'create', table: name } : null;
  }
  const created = table(/^create (global |local )?(temp |temporary |unlogged )?table (if not exists )?/);
  if (created) return { action: 'create', table: created };
  const inserted = table(/^(insert|merge) into /);
  if (inserted) return { action: 'insert', table: inserted };
  const updated = table(/^update (only )?/);
  return updated ? { action: 'update', table: updated } : null;
};

const intoNoise = new Set(['temp', 'temporary', 'unlogged', 'table']);
const mainVerb = /^(insert|update|delete|merge|select)$/;

/** The tokens outside all parentheses. */
const outside = (tokens: Token[]): Token[] => {
  let depth = 0;
  return tokens.filter(({ kind, text }) => {
    if (kind === 'mark' && text === ')') depth -= 1;
    const isOutside = depth <= 0;
    if (kind === 'mark' && text === '(') depth += 1;
    return isOutside;
  });
};

/** A name of one to three parts that begins at `index`, quoted as Postgres would read it. */
const nameAt = (tokens: Token[], index: number): string | null => {
  const parts: string[] = [];
  for (let at = index; ; at += 2) {
    const token = tokens[at];
    if (token?.kind === 'word') parts.push(quoteWord(token.text));
    else if (token?.kind === 'quoted') parts.push(token.text);
    else return null;
    if (tokens[at + 1]?.text !== '.') return parts.join('.');
  }
};
