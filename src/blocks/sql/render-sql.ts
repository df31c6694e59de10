import { WandError } from '../../problem/wand-error.ts';
import { nearest } from '../../project/nearest.ts';
import { markedLine, markLines, type RenderedSql, unmarkLines } from './line-marks.ts';
import { type TemplatePiece, templatePieces } from './template-pieces.ts';

export type SqlWarning = { rule: 'undefined-name' | 'df-out-of-range'; line: number | null; text: string };

export type SqlTemplate = {
  /** Path of the block's file, for messages. */
  file: string;
  /** The file's text. */
  template: string;
  /** As BlockTask.variables. */
  variables: Record<string, unknown>;
  environment: Record<string, string>;
  /** SQL for `{{ df_N }}`, given what follows the reference; null if there is no such upstream block. */
  reference(number: number, following: string): string | null;
  /** Text for `{{ block_output(...) }}`, given all that stands between the braces. */
  blockOutput(source: string, line: number): Promise<string>;
  warn(warning: SqlWarning): void;
};

/**
 * Renders the text of an SQL block (mage-format.md 4.3, steps 3 to 5): references, block outputs, then Jinja, twice, since
 * values may hold Jinja themselves. Undefined names render as nothing, as in Mage, and are warned about with their line.
 * Throws WandErrors that name file and line.
 */
export const renderSql = async (request: SqlTemplate): Promise<RenderedSql> => {
  const pieces = templatePieces(request.template);
  const referenced: TemplatePiece[] = [];
  for (const [index, piece] of pieces.entries()) {
    referenced.push(await replaceReference(piece, index, pieces, request));
  }
  const marked = markLines(referenced);
  const once = await renderPass(marked, request, (line) => markedLine(marked, line));
  const twice = hasTemplate(once) ? await renderPass(once, request, (line) => markedLine(once, line)) : once;
  return unmarkLines(twice);
};

/** True if Jinja has anything to do in this text. */
export const hasTemplate = (text: string): boolean => /\{[{%#]/.test(text);

/** The numbers N of `{{ df_N }}` in a text, in order of their first appearance. */
export const referencedNumbers = (template: string): number[] => {
  const numbers = templatePieces(template).flatMap((piece) => referenceNumber(piece) ?? []);
  return [...new Set(numbers)];
};

const referenceNumber = (piece: TemplatePiece): number | null => {
  const found = piece.kind === 'expression' ? /^df_(\d+)$/.exec(piece.inner) : null;
  return found ? Number(found[1]) : null;
};

const replaceReference = async (
  piece: TemplatePiece,
  index: number,
  pieces: TemplatePiece[],
  request: SqlTemplate,
): Promise<TemplatePiece> => {
  const number = referenceNumber(piece);
  if (number !== null) {
    const following = pieces
      .slice(index + 1)
      .map(({ text }) => text)
      .join('');
    const sql = request.reference(number, following);
    if (sql === null) {
      const text = `{{ df_${number} }} names no upstream block and renders as nothing`;
      request.warn({ rule: 'df-out-of-range', line: piece.line, text });
    }
    return { ...piece, text: sql ?? '' };
  }
  if (piece.kind === 'expression' && /^block_output\s*\(/.test(piece.inner)) {
    return { ...piece, text: await request.blockOutput(piece.inner, piece.line) };
  }
  return piece;
};

/** One pass of Jinja; `lineOf` leads from a line of what is rendered to the line of the file. */
const renderPass = async (text: string, request: SqlTemplate, lineOf: (line: number) => number): Promise<string> => {
  if (!hasTemplate(text)) return text;
  const { renderTemplate } = await import('../../project/jinja.ts');
  const { file, environment, variables } = request;
  try {
    return renderTemplate(text, {
      file,
      environment,
      scope: { ...variables, variables: (name: string) => variables[name] ?? null },
      onUndefined: ({ name, line }) => warnUndefined(name, line === null ? null : lineOf(line), request),
    });
  } catch (error) {
    if (!(error instanceof WandError) || error.line === undefined) throw error;
    const { code, message, fix, exitCode, cause } = error;
    throw new WandError(code, message, { file, line: lineOf(error.line), fix, exitCode, cause });
  }
};

const warnUndefined = (name: string, line: number | null, { variables, warn }: SqlTemplate): void => {
  const [near] = nearest(name, [...Object.keys(variables), 'env_var', 'variables', 'block_output']);
  const hint = near ? `; did you mean ${near}?` : '';
  warn({ rule: 'undefined-name', line, text: `${name} is not defined and renders as nothing${hint}` });
};
