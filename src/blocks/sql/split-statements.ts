import { type Token, tokenize } from './tokenize.ts';

/** One statement of a text, without its `;`. */
export type Statement = {
  text: string;
  /** Where `text` begins in the whole text. */
  start: number;
  /** 1-based line of its first word. */
  line: number;
  /** Its tokens without space and comments; offsets are those of the whole text. */
  tokens: Token[];
};

/**
 * Splits SQL at the `;` that Postgres (and psql) would split at: not in literals, quoted names, comments, parentheses or
 * the `BEGIN ATOMIC ... END` body of a function. Comments alone are no statement.
 */
export const splitStatements = (text: string): Statement[] => {
  const statements: Statement[] = [];
  let piece: Token[] = [];
  const finish = (): void => {
    const statement = toStatement(text, piece);
    if (statement) statements.push(statement);
    piece = [];
  };
  const nesting = new Nesting();
  for (const token of tokenize(text)) {
    if (token.text === ';' && token.kind === 'mark' && nesting.isOutside()) {
      finish();
      nesting.reset();
      continue;
    }
    piece.push(token);
    nesting.enter(token);
  }
  finish();
  return statements;
};

/** 1-based line of an offset. */
export const lineAt = (text: string, offset: number): number => {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
};

const isSignificant = (token: Token): boolean => token.kind !== 'space' && token.kind !== 'comment';

const toStatement = (text: string, piece: Token[]): Statement | null => {
  const tokens = piece.filter(isSignificant);
  const first = tokens[0];
  const last = tokens.at(-1);
  if (!first || !last) return null;
  // Comments in front stay: planner hints are comments.
  const start = piece.find(({ kind }) => kind !== 'space')!.start;
  return { text: text.slice(start, last.end), start, line: lineAt(text, first.start), tokens };
};

/** Depth of parentheses, and of the blocks of an SQL function's body, in the statement so far. */
class Nesting {
  private parentheses = 0;
  private blocks = 0;
  /** The first words, which say what is created. */
  private opening: string[] = [];
  private previous = '';

  isOutside(): boolean {
    return this.parentheses === 0 && this.blocks === 0;
  }

  reset(): void {
    this.parentheses = 0;
    this.blocks = 0;
    this.opening = [];
    this.previous = '';
  }

  enter(token: Token): void {
    if (token.kind === 'mark') {
      if (token.text === '(') this.parentheses += 1;
      if (token.text === ')') this.parentheses = Math.max(0, this.parentheses - 1);
    }
    if (token.kind !== 'word' || this.parentheses > 0) return;
    const word = token.text.toLowerCase();
    if (word === 'atomic' && this.previous === 'begin' && this.isRoutine()) this.blocks += 1;
    else if (word === 'case' && this.blocks > 0) this.blocks += 1;
    else if (word === 'end' && this.blocks > 0) this.blocks -= 1;
    if (this.opening.length < 4) this.opening.push(word);
    this.previous = word;
  }

  private isRoutine(): boolean {
    return /^create (or replace )?(function|procedure) /.test(`${this.opening.join(' ')} `);
  }
}
