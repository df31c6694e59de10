import { graphemes, isSimple, textWidth } from '../../draw/text-width.ts';

/** A row of a screen: one entry a column; a wide character's second column is ''. `styles` are packed as `Style`. */
export type Row = { chars: string[]; styles: number[] };

/** Packed look of a cell: attributes in bits 0-5, foreground in 8-12, background in 16-20 (0 default, 1-16 the ANSI colours). */
export type Style = number;

const attributes: Record<number, number> = { 1: 1, 2: 2, 3: 4, 4: 8, 7: 16, 9: 32 };
const ends: Record<number, number> = { 22: 3, 23: 4, 24: 8, 27: 16, 29: 32 };
const attributeParameters: [number, number][] = [
  [1, 1],
  [2, 2],
  [4, 3],
  [8, 4],
  [16, 7],
  [32, 9],
];

/** The style after one SGR sequence's parameters. Colours beyond the 16 are not used by us and are left out. */
export const applySgr = (style: Style, parameters: string): Style => {
  let result = style;
  for (const text of parameters === '' ? ['0'] : parameters.split(';')) {
    const code = Number(text);
    if (code === 0) result = 0;
    else if (attributes[code] !== undefined) result |= attributes[code];
    else if (ends[code] !== undefined) result &= ~ends[code];
    else if (code >= 30 && code <= 37) result = withForeground(result, code - 29);
    else if (code >= 90 && code <= 97) result = withForeground(result, code - 81);
    else if (code === 39) result = withForeground(result, 0);
    else if (code >= 40 && code <= 47) result = withBackground(result, code - 39);
    else if (code >= 100 && code <= 107) result = withBackground(result, code - 91);
    else if (code === 49) result = withBackground(result, 0);
  }
  return result;
};

const withForeground = (style: Style, color: number): Style => (style & ~0x1f00) | (color << 8);
const withBackground = (style: Style, color: number): Style => (style & ~0x1f0000) | (color << 16);

/** The shortest SGR sequence from one style to another. */
export const sgrBetween = (from: Style, to: Style): string => {
  if (from === to) return '';
  if (to === 0) return '\u001b[m';
  const added = to & 0x3f & ~(from & 0x3f);
  const removed = from & 0x3f & ~(to & 0x3f);
  const base = removed !== 0 ? 0 : from;
  const parameters: number[] = removed !== 0 ? [0] : [];
  for (const [bit, parameter] of attributeParameters) {
    if ((removed !== 0 ? to : added) & bit) parameters.push(parameter);
  }
  const [foreground, background] = [(to >> 8) & 0x1f, (to >> 16) & 0x1f];
  if (foreground !== ((base >> 8) & 0x1f)) parameters.push(colorParameter(foreground, 30));
  if (background !== ((base >> 16) & 0x1f)) parameters.push(colorParameter(background, 40));
  return `\u001b[${parameters.join(';')}m`;
};

const colorParameter = (color: number, base: number): number =>
  color === 0 ? base + 9 : color <= 8 ? base + color - 1 : base + 60 + color - 9;

const cacheLimit = 1_000;
let cache = new Map<string, Row>();

/** A line of text with SGR as exactly `width` cells. Kept by line: most lines of a frame were in the last one too. */
export const parseRow = (text: string, width: number): Row => {
  const key = `${width}|${text}`;
  const known = cache.get(key);
  if (known) return known;
  const row = cellsOf(text, width);
  if (cache.size >= cacheLimit) cache = new Map();
  cache.set(key, row);
  return row;
};

const sequence = /\u001b\[([0-9;]*)m|\u001b\[[0-?]*[ -/]*[@-~]/g;

const cellsOf = (text: string, width: number): Row => {
  const row: Row = { chars: [], styles: [] };
  let style: Style = 0;
  let at = 0;
  const add = (piece: string): void => {
    if (isSimple(piece)) {
      const end = Math.min(piece.length, width - row.chars.length);
      for (let index = 0; index < end; index++) {
        row.chars.push(piece[index]!);
        row.styles.push(style);
      }
      return;
    }
    for (const grapheme of graphemes(piece)) {
      const size = textWidth(grapheme);
      if (size === 0 || row.chars.length + size > width) continue;
      row.chars.push(grapheme);
      row.styles.push(style);
      for (let extra = 1; extra < size; extra++) {
        row.chars.push('');
        row.styles.push(style);
      }
    }
  };
  for (const match of text.matchAll(sequence)) {
    add(text.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[1] !== undefined) style = applySgr(style, match[1]);
  }
  add(text.slice(at));
  while (row.chars.length < width) {
    row.chars.push(' ');
    row.styles.push(0);
  }
  return row;
};
