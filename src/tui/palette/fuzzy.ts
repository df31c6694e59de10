/**
 * How well a text fits what was typed, higher is better; null where it does not. Words are looked for in their order, each as it stands
 * or, failing that, as letters in their order.
 */
export const fuzzyScore = (typed: string, text: string): number | null => {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const lower = text.toLowerCase();
  let score = 0;
  let from = 0;
  for (const word of words) {
    const found = wordAt(word, lower, from);
    if (!found) return null;
    score += found.score + (from === 0 && found.start === 0 ? atStart : 0);
    from = found.end;
  }
  return score - lower.length / 100;
};

/** Whoever types the first letters of a line means that line. */
const atStart = 6;

type Found = { score: number; start: number; end: number };

const wordAt = (word: string, text: string, from: number): Found | null => {
  let inside: Found | null = null;
  for (let at = text.indexOf(word, from); at !== -1; at = text.indexOf(word, at + 1)) {
    const end = at + word.length;
    const starts = at === 0 || !isLetter(text[at - 1]!);
    const whole = starts && (end === text.length || !isLetter(text[end]!));
    if (whole) return { score: 12 + word.length, start: at, end };
    if (starts) return { score: 8 + word.length, start: at, end };
    inside ??= { score: 4 + word.length, start: at, end };
  }
  return inside ?? scattered(word, text, from);
};

/** The letters in their order, not too far apart. */
const scattered = (word: string, text: string, from: number): Found | null => {
  if (word.length < 2) return null;
  let at = text.indexOf(word[0]!, from);
  const start = at;
  for (const letter of word.slice(1)) {
    if (at === -1) return null;
    at = text.indexOf(letter, at + 1);
  }
  if (at === -1 || at - start > word.length * 4) return null;
  return { score: Math.max(0, word.length - (at - start - word.length + 1)), start, end: at + 1 };
};

const isLetter = (character: string): boolean => /[\p{L}\p{N}]/u.test(character);
