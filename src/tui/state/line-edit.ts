import { graphemes } from '../../draw/text-width.ts';

/** Text being typed, and the place of the cursor in it, in UTF-16 units and never inside a grapheme. */
export type EditedText = { text: string; at: number };

type TypedKey = { name: string; text?: string };

/** Characters that no text may carry to a terminal or a database; line breaks are the caller's choice. */
const hidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** The text after a key, or null where the key does not edit. With `lines` the text may have several. */
export const edit = ({ text, at }: EditedText, key: TypedKey, { lines = false } = {}): EditedText | null => {
  const before = text.slice(0, at);
  const after = text.slice(at);
  switch (key.name) {
    case 'left':
      return { text, at: at - lastSize(before) };
    case 'right':
      return { text, at: at + (graphemes(after)[0]?.length ?? 0) };
    case 'home':
    case 'ctrl-a':
      return { text, at: lineStart(text, at) };
    case 'end':
    case 'ctrl-e':
      return { text, at: lineEnd(text, at) };
    case 'backspace':
      return { text: before.slice(0, before.length - lastSize(before)) + after, at: at - lastSize(before) };
    case 'delete':
      return { text: before + after.slice(graphemes(after)[0]?.length ?? 0), at };
    case 'ctrl-w': {
      const kept = before.replace(/\S+\s*$/, '');
      return { text: kept + after, at: kept.length };
    }
    case 'ctrl-u':
      return { text: after, at: 0 };
    case 'ctrl-k':
      return { text: before + text.slice(lineEnd(text, at)), at };
    default: {
      if (key.text === undefined) return null;
      const plain = key.text.replace(/\r\n?/g, '\n').replaceAll('\t', '  ').replace(hidden, '');
      const typed = lines ? plain : plain.replace(/\n+/g, ' ');
      return { text: before + typed + after, at: at + typed.length };
    }
  }
};

/** One line whose cursor stays at its end; null for keys that do not edit, or would move it from there. */
export const editEnd = (text: string, key: TypedKey): string | null => {
  const next = edit({ text, at: text.length }, key);
  return next && next.at === next.text.length ? next.text : null;
};

/** The cursor a line up or down, in the same column where the line is long enough; null where there is none. */
export const moveLine = ({ text, at }: EditedText, by: 1 | -1): EditedText | null => {
  const column = at - lineStart(text, at);
  const start = lineStart(text, at);
  if (by === -1) {
    if (start === 0) return null;
    const above = lineStart(text, start - 1);
    return { text, at: Math.min(above + column, start - 1) };
  }
  const end = lineEnd(text, at);
  if (end === text.length) return null;
  return { text, at: Math.min(end + 1 + column, lineEnd(text, end + 1)) };
};

const lastSize = (text: string): number => graphemes(text.slice(-64)).at(-1)?.length ?? 0;
const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;
const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
};
