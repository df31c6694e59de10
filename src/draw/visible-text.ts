/**
 * Text from files, logs and tables as a terminal may print it: control characters (C0, C1, ESC, DEL) and bidirectional
 * overrides become visible signs, so that nothing in the text is executed or reordered. Everything else stays as it is.
 * Line breaks are made visible too: a name or a cell is one line.
 */
export const visibleText = (text: string): string => text.replace(unsafe, visibleSign);

// C0, DEL, C1, line and paragraph separators, bidi marks, embeddings, overrides and isolates, BOM, lone surrogates.
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** `^[` for ESC as `cat -v` writes it, `<U+202E>` for what has no caret form. */
const visibleSign = (character: string): string => {
  const code = character.charCodeAt(0);
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  if (code === 0x7f) return '^?';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
};
