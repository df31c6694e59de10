import { type Row, type Style, sgrBetween } from './cells.ts';

/** Bytes of a jump to the right. Unchanged cells between two changes that cost no more are written again. */
const jumpBytes = 4;

/** Puts whole frames on the terminal by writing only cells that changed (terminal.md D2: 263 bytes where a frame has 20,273). */
export type ScreenDiff = {
  /** The bytes that turn what is shown into these rows; '' if nothing changed. Rows that are the same object are taken as unchanged. */
  update(rows: readonly Row[]): string;
  /** What is on the terminal is not known any more; the next update writes every cell. */
  forget(): void;
  resize(columns: number, rows: number): void;
};

export const createScreenDiff = (columns: number, rows: number): ScreenDiff => {
  let size = { columns, rows };
  let shown: readonly Row[] | null = null;
  return {
    update: (rows) => {
      const next = rows.slice(0, size.rows);
      const pen = { style: 0 };
      let bytes = '';
      for (const [y, row] of next.entries()) {
        const before = shown?.[y];
        if (before !== row) bytes += rowUpdate(before, row, y, pen);
      }
      shown = next;
      return bytes === '' ? '' : bytes + sgrBetween(pen.style, 0);
    },
    forget: () => {
      shown = null;
    },
    resize: (columnCount, rowCount) => {
      size = { columns: columnCount, rows: rowCount };
      shown = null;
    },
  };
};

const rowUpdate = (before: Row | undefined, after: Row, y: number, pen: { style: Style }): string => {
  const width = after.chars.length;
  const changed = (x: number): boolean =>
    !before || before.chars[x] !== after.chars[x] || before.styles[x] !== after.styles[x];
  const blankFrom = trailingBlanks(after);
  let bytes = '';
  let x = 0;
  /** Where the cursor stands for certain: terminals disagree on the width of all but ASCII. */
  let cursor: number | null = null;
  while (x < width) {
    if (!changed(x)) {
      x += 1;
      continue;
    }
    // A wide character is written from its first column.
    while (x > 0 && after.chars[x] === '') x -= 1;
    const end = runEnd(x, width, changed, after);
    bytes += cursor === null ? `\u001b[${y + 1};${x + 1}H` : `\u001b[${x - cursor}C`;
    let isCertain = true;
    for (let cell = x; cell < end; cell++) {
      // Blank to the end of the row: clear it, whatever stood there.
      if (cell >= blankFrom && width - cell > jumpBytes) return `${bytes}${penTo(pen, 0)}\u001b[K`;
      bytes += penTo(pen, after.styles[cell]!) + after.chars[cell]!;
      isCertain &&= isAscii(after.chars[cell]!);
    }
    cursor = isCertain ? end : null;
    x = end;
  }
  return bytes;
};

/** Takes another style and answers the sequence for it. */
const penTo = (pen: { style: Style }, style: Style): string => {
  const bytes = sgrBetween(pen.style, style);
  pen.style = style;
  return bytes;
};

const isAscii = (char: string): boolean => char >= ' ' && char <= '~';

/** The end of what is written in one go: over unchanged cells as long as that is cheaper than a jump. */
const runEnd = (start: number, width: number, changed: (x: number) => boolean, row: Row): number => {
  let end = start + 1;
  let gap = 0;
  for (let x = start + 1; x < width; x++) {
    if (changed(x)) {
      end = x + 1;
      gap = 0;
      continue;
    }
    gap += cellBytes(row, x);
    if (gap > jumpBytes) break;
  }
  while (end < width && row.chars[end] === '') end += 1;
  return end;
};

/** About what a cell costs: its character, and a change of style before it. */
const cellBytes = ({ chars, styles }: Row, x: number): number =>
  (isAscii(chars[x]!) ? 1 : 3) + (styles[x] === styles[x - 1] ? 0 : jumpBytes);

/** First column from which a row is blank to its end. */
const trailingBlanks = ({ chars, styles }: Row): number => {
  let x = chars.length;
  while (x > 0 && chars[x - 1] === ' ' && styles[x - 1] === 0) x -= 1;
  return x;
};
