import { graphemes, textWidth } from './text-width.ts';
import type { Theme, Token } from './theme.ts';

type Cell = { text: string; style: string };

/** Cells to draw on at free places; what lies outside is cut. Becomes one string per row. */
export type Canvas = {
  readonly width: number;
  readonly height: number;
  put(x: number, y: number, text: string, ...tokens: (Token | undefined)[]): void;
  rows(): string[];
};

export const createCanvas = (width: number, height: number, theme: Theme): Canvas => {
  const cells: (Cell | undefined)[] = new Array(width * height);

  const put = (x: number, y: number, text: string, ...tokens: (Token | undefined)[]): void => {
    if (y < 0 || y >= height) return;
    const style = tokens
      .map((token) => (token ? theme.sgr[token] : ''))
      .filter((parameters) => parameters !== '')
      .join(';');
    let column = x;
    for (const grapheme of graphemes(text)) {
      const size = textWidth(grapheme);
      if (column >= 0 && column + size <= width) {
        cells[y * width + column] = { text: grapheme, style };
        for (let extra = 1; extra < size; extra++) cells[y * width + column + extra] = { text: '', style };
      }
      column += size;
    }
  };

  const row = (y: number): string => {
    let result = '';
    let style = '';
    for (let x = 0; x < width; x++) {
      const cell = cells[y * width + x] ?? blank;
      if (cell.style !== style) {
        if (style !== '') result += '\u001b[0m';
        if (cell.style !== '') result += `\u001b[${cell.style}m`;
        style = cell.style;
      }
      result += cell.text;
    }
    return style === '' ? result : `${result}\u001b[0m`;
  };

  return { width, height, put, rows: () => Array.from({ length: height }, (_, y) => row(y)) };
};

const blank: Cell = { text: ' ', style: '' };
