import { lineAt } from './split-statements.ts';
import type { TemplatePiece } from './template-pieces.ts';

// Noncharacters: no text that Postgres takes holds them by accident.
const open = '\ufdd0';
const close = '\ufdd1';

/**
 * Marks the lines of a template's text, so that a place in the rendered SQL can be traced back: before the first letter
 * of each line and after each tag. Blank space stays as it is, since `{%- -%}` trims it; text that becomes a value
 * (`captured`) stays free of marks.
 */
export const markLines = (pieces: TemplatePiece[]): string => pieces.map(marked).join('');

const marked = (piece: TemplatePiece): string => {
  // A raw block has kind `tag` and its content is text; its lines count from its first one.
  if (piece.captured || (piece.kind !== 'text' && piece.kind !== 'expression')) return piece.text;
  if (piece.kind === 'expression')
    return piece.text.startsWith('{{-') ? piece.text : `${mark(piece.line)}${piece.text}`;
  return piece.text
    .split('\n')
    .map((line, index) => line.replace(/\S/, (letter) => `${mark(piece.line + index)}${letter}`))
    .join('\n');
};

const mark = (line: number): string => `${open}${line}${close}`;

/** SQL made from a template, and the way back. */
export type RenderedSql = { text: string; templateLine(offset: number): number };

/** Takes the marks out of rendered text again. Without any mark the rendered text's own lines are the answer. */
export const unmarkLines = (rendered: string): RenderedSql => {
  const places: { offset: number; line: number }[] = [];
  let text = '';
  let at = 0;
  for (const found of rendered.matchAll(new RegExp(`${open}(\\d+)${close}`, 'g'))) {
    text += rendered.slice(at, found.index);
    places.push({ offset: text.length, line: Number(found[1]) });
    at = found.index + found[0].length;
  }
  text += rendered.slice(at);
  const templateLine = (offset: number): number =>
    places.findLast((place) => place.offset <= offset)?.line ?? places[0]?.line ?? lineAt(text, offset);
  return { text, templateLine };
};

/** The template's line for a line (1-based) of marked text: counted from the nearest marked line at or above it. */
export const markedLine = (marked: string, line: number): number => {
  const firstMarks = marked
    .split('\n')
    .slice(0, line)
    .map((text) => new RegExp(`${open}(\\d+)${close}`).exec(text)?.[1]);
  const nearest = firstMarks.findLastIndex((found) => found !== undefined);
  return nearest < 0 ? line : Number(firstMarks[nearest]) + line - (nearest + 1);
};
