/** A piece of a Jinja template; the pieces joined are the template. `expression` is `{{ }}`, `tag` `{% %}`, `note` `{# #}`. */
export type TemplatePiece = {
  kind: 'text' | 'expression' | 'tag' | 'note';
  text: string;
  /** What stands between the marks, without `-` and blanks around; empty for text. */
  inner: string;
  /** 1-based line it begins on. */
  line: number;
  /** Inside `{% set %}`, `{% filter %}`, `{% macro %}` or `{% call %}`: its text becomes a value first. */
  captured: boolean;
};

/** Cuts a template as Jinja lexes it; `{% raw %}...{% endraw %}` is one text. A mark that is not closed is text. */
export const templatePieces = (template: string): TemplatePiece[] => {
  const pieces: TemplatePiece[] = [];
  let line = 1;
  let captures = 0;
  const add = (kind: TemplatePiece['kind'], text: string): void => {
    if (text === '') return;
    const inner = kind === 'text' ? '' : text.slice(2, -2).replace(/^-|-$/g, '').trim();
    if (kind === 'tag' && endsCapture.test(inner)) captures -= 1;
    pieces.push({ kind, text, inner, line, captured: captures > 0 });
    if (kind === 'tag' && beginsCapture.test(inner)) captures += 1;
    line += text.split('\n').length - 1;
  };
  let at = 0;
  while (at < template.length) {
    const open = /\{[{%#]/g;
    open.lastIndex = at;
    const found = open.exec(template);
    const end = found ? pieceEnd(template, found.index) : null;
    if (!found || end === null) {
      add('text', template.slice(at));
      break;
    }
    add('text', template.slice(at, found.index));
    add(kinds[found[0]]!, template.slice(found.index, end));
    at = end;
  }
  return pieces;
};

const kinds: Record<string, TemplatePiece['kind']> = { '{{': 'expression', '{%': 'tag', '{#': 'note' };
const beginsCapture = /^(filter\b|macro\b|call\b|set\s+[\w\s,]+$)/;
const endsCapture = /^end(filter|macro|call|set)\b/;
const rawBlock = /\{%-?\s*raw\s*-?%\}[\s\S]*?\{%-?\s*endraw\s*-?%\}/y;

const pieceEnd = (template: string, start: number): number | null => {
  const mark = template[start + 1]!;
  if (mark === '#') return indexAfter(template, '#}', start);
  rawBlock.lastIndex = start;
  const raw = mark === '%' ? rawBlock.exec(template) : null;
  if (raw) return start + raw[0].length;
  // Closing marks inside a quoted text do not count.
  const parts =
    mark === '{' ? /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\}\}/gs : /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|%\}/gs;
  parts.lastIndex = start + 2;
  for (let part = parts.exec(template); part; part = parts.exec(template)) {
    if (/^[}%]\}$/.test(part[0])) return parts.lastIndex;
  }
  return null;
};

const indexAfter = (template: string, mark: string, from: number): number | null => {
  const found = template.indexOf(mark, from + 2);
  return found < 0 ? null : found + mark.length;
};
