export type TokenKind = 'space' | 'comment' | 'word' | 'quoted' | 'string' | 'number' | 'mark';

/** A piece of SQL text; the pieces of a text, joined, are that text. `unterminated` when its closing mark is missing. */
export type Token = { kind: TokenKind; text: string; start: number; end: number; unterminated?: boolean };

/**
 * Cuts SQL as Postgres lexes it: `'...'` and `E'...'`, `$tag$...$tag$`, `"..."`, nested comments. Never fails: what is not
 * closed reaches to the end of the text and says so.
 */
export const tokenize = (text: string): Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const { kind, end, unterminated } = next(text, at);
    tokens.push({ kind, text: text.slice(at, end), start: at, end, ...(unterminated ? { unterminated } : {}) });
    at = end;
  }
  return tokens;
};

type Cut = { kind: TokenKind; end: number; unterminated?: boolean };

const spaces = /\s+/y;
const words = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const numbers = /\d[\w.]*|\.\d\w*/y;
const dollarTags = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;

const next = (text: string, at: number): Cut => {
  const space = match(spaces, text, at);
  if (space) return { kind: 'space', end: at + space.length };
  if (text.startsWith('--', at)) return { kind: 'comment', end: lineEnd(text, at) };
  if (text.startsWith('/*', at)) return blockComment(text, at);
  const letter = text[at]!;
  if (letter === "'") return closed('string', text, at + 1, "'", false);
  if (letter === '"') return closed('quoted', text, at + 1, '"', false);
  if (letter === '$') return dollarQuoted(text, at);
  const word = match(words, text, at);
  if (word) return prefixed(text, at, word) ?? { kind: 'word', end: at + word.length };
  const number = match(numbers, text, at);
  if (number) return { kind: 'number', end: at + number.length };
  return { kind: 'mark', end: at + 1 };
};

const match = (pattern: RegExp, text: string, at: number): string | null => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
};

const lineEnd = (text: string, at: number): number => {
  const end = text.slice(at).search(/[\r\n]/);
  return end < 0 ? text.length : at + end;
};

const blockComment = (text: string, start: number): Cut => {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 0;
  for (let found = marks.exec(text); found; found = marks.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return { kind: 'comment', end: marks.lastIndex };
  }
  return { kind: 'comment', end: text.length, unterminated: true };
};

// A doubled quote needs no care: it reads as the end of one literal and the start of the next, with nothing between,
// and is joined here so that one literal is one token.
const closed = (kind: 'string' | 'quoted', text: string, from: number, quote: string, escapes: boolean): Cut => {
  let at = from;
  while (at < text.length) {
    if (escapes && text[at] === '\\') at += 2;
    else if (text[at] !== quote) at += 1;
    else if (text[at + 1] === quote) at += 2;
    else return { kind, end: at + 1 };
  }
  return { kind, end: text.length, unterminated: true };
};

const dollarQuoted = (text: string, start: number): Cut => {
  const tag = match(dollarTags, text, start);
  if (!tag) return { kind: 'mark', end: start + 1 };
  const close = text.indexOf(tag, start + tag.length);
  if (close < 0) return { kind: 'string', end: text.length, unterminated: true };
  return { kind: 'string', end: close + tag.length };
};

// E'...' has backslash escapes; B'', X'', N'' and U&'' do not. U&"..." is a name.
const prefixed = (text: string, at: number, word: string): Cut | null => {
  const after = text[at + word.length];
  if (after === "'" && /^[EBXN]$/i.test(word)) {
    return closed('string', text, at + word.length + 1, "'", /^e$/i.test(word));
  }
  const quote = text[at + word.length + 1];
  if (/^U$/i.test(word) && after === '&' && (quote === "'" || quote === '"')) {
    return closed(quote === "'" ? 'string' : 'quoted', text, at + word.length + 2, quote, false);
  }
  return null;
};
