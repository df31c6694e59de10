import { textWidth } from '../../draw/text-width.ts';
import { parseRow, type Row } from '../term/cells.ts';
import type { Part } from './screen.ts';

type Size = { columns: number; rows: number };
type Piece = { cells: Row; x: number };

/** Lays parts over each other as whole rows of cells. A row none of whose pieces has changed is the same object as before. */
export const createComposer = (): ((parts: readonly Part[], size: Size) => Row[]) => {
  let columns = 0;
  let pieces: Piece[][] = [];
  let shown: Row[] = [];
  return (parts, size) => {
    if (size.columns !== columns) pieces = [];
    columns = size.columns;
    const next = piecesOf(parts, size.rows);
    shown = next.map((row, y) => {
      const before = pieces[y];
      return before && samePieces(before, row) ? shown[y]! : composed(row, columns);
    });
    pieces = next;
    return shown;
  };
};

const parsed = new WeakMap<readonly string[], { width: number; rows: Row[] }>();

/** Lines as cells; lines that stay the same array are parsed once. */
const cellsOf = (lines: readonly string[], width: number): Row[] => {
  const known = parsed.get(lines);
  if (known?.width === width && known.rows.length === lines.length) return known.rows;
  const rows = lines.map((line) => parseRow(line, width));
  parsed.set(lines, { width, rows });
  return rows;
};

const piecesOf = (parts: readonly Part[], height: number): Piece[][] => {
  const rows: Piece[][] = Array.from({ length: height }, () => []);
  for (const { rect, lines } of parts) {
    const cells = cellsOf(lines, rect.width);
    for (let line = 0; line < Math.min(rect.height, cells.length); line++) {
      rows[rect.y + line]?.push({ cells: cells[line]!, x: rect.x });
    }
  }
  return rows;
};

const samePieces = (a: readonly Piece[], b: readonly Piece[]): boolean =>
  a.length === b.length && a.every(({ cells, x }, index) => cells === b[index]!.cells && x === b[index]!.x);

const composed = (pieces: readonly Piece[], columns: number): Row => {
  const [first] = pieces;
  if (pieces.length === 1 && first!.x === 0 && first!.cells.chars.length === columns) return first!.cells;
  const row: Row = { chars: new Array(columns).fill(' '), styles: new Array(columns).fill(0) };
  for (const { cells, x } of pieces) {
    const end = Math.min(columns - x, cells.chars.length);
    for (let column = 0; column < end; column++) {
      row.chars[x + column] = cells.chars[column]!;
      row.styles[x + column] = cells.styles[column]!;
    }
    mendEdges(row, x, x + end);
  }
  return row;
};

/** Half of a wide character at the edge of what was laid over it becomes a blank. */
const mendEdges = ({ chars }: Row, from: number, to: number): void => {
  if (chars[to] === '' && to < chars.length) chars[to] = ' ';
  if (from > 0 && chars[from - 1] !== '' && chars[from] !== '' && isWide(chars[from - 1]!)) chars[from - 1] = ' ';
};

const isWide = (grapheme: string): boolean => grapheme > '\u02ff' && textWidth(grapheme) === 2;
