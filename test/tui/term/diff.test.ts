import xterm from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRow } from '../../../src/tui/term/cells.ts';
import { createScreenDiff } from '../../../src/tui/term/diff.ts';

const columns = 24;
const rows = 4;

const rowsOf = (texts: readonly string[]) => texts.map((text) => parseRow(text, columns));

const terminalOf = (): xterm.Terminal => new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
const write = (terminal: xterm.Terminal, text: string): Promise<void> =>
  new Promise((resolve) => terminal.write(text, resolve));

/** Text and look of every cell. */
const cells = (terminal: xterm.Terminal): string[] => {
  const result: string[] = [];
  for (let y = 0; y < rows; y++) {
    const line = terminal.buffer.active.getLine(y)!;
    for (let x = 0; x < columns; x++) {
      const cell = line.getCell(x)!;
      const look = [
        cell.getFgColor(),
        cell.getBgColor(),
        cell.isBold(),
        cell.isDim(),
        cell.isInverse(),
        cell.isUnderline(),
      ];
      result.push(`${cell.getChars() || ' '}|${look.join()}`);
    }
  }
  return result;
};

const pieces = fc.tuple(
  fc.constantFrom(
    '',
    '\u001b[1m',
    '\u001b[2m',
    '\u001b[7m',
    '\u001b[31m',
    '\u001b[1;32m',
    '\u001b[4m',
    '\u001b[90m',
    '\u001b[44m',
  ),
  fc.constantFrom('', 'a', 'hello ', '   ', '空港', 'é', '│', '──', 'x y'),
);
const lines = fc.array(
  fc.array(pieces, { maxLength: 6 }).map((all) => all.map(([style, text]) => `${style}${text}\u001b[0m`).join('')),
  { minLength: rows, maxLength: rows },
);

/**
 * Whether a terminal draws the row the same without the diff: without wide characters, and no wider than the screen
 * (without wrapping a terminal writes every further character over the last column, where the diff cuts the row).
 */
const plainRowFits = (line: string): boolean =>
  !/[空]/.test(line) && [...line.replaceAll(/\u001b\[[\d;]*m/g, '')].length <= columns;

describe('the cell diff', () => {
  test('leaves the terminal as if each frame had been drawn on an empty one, text and look', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lines, { minLength: 1, maxLength: 4 }), async (frames) => {
        const diffed = terminalOf();
        const diff = createScreenDiff(columns, rows);
        for (const frame of frames) await write(diffed, diff.update(rowsOf(frame)));
        const fresh = terminalOf();
        await write(fresh, createScreenDiff(columns, rows).update(rowsOf(frames.at(-1)!)));
        expect(cells(diffed)).toEqual(cells(fresh));
        const plain = terminalOf();
        await write(
          plain,
          `\u001b[?7l${frames
            .at(-1)!
            .map((line, y) => `\u001b[${y + 1};1H${line}`)
            .join('')}`,
        );
        if (frames.at(-1)!.every(plainRowFits)) expect(cells(diffed)).toEqual(cells(plain));
      }),
      { numRuns: 150, examples: [[[[`${'hello '.repeat(5)}x y`, '', '', '']]]] },
    );
  });

  test('the same frame again costs nothing', () => {
    const diff = createScreenDiff(columns, rows);
    const frame = ['\u001b[1mtitle\u001b[0m', 'body', '', ''];
    expect(diff.update(rowsOf(frame))).not.toBe('');
    expect(diff.update(rowsOf([...frame]))).toBe('');
  });

  test('one changed cell costs a jump and a character', () => {
    const diff = createScreenDiff(columns, rows);
    diff.update(rowsOf(['count 1', '', '', '']));
    expect(diff.update(rowsOf(['count 2', '', '', '']))).toBe('\u001b[1;7H2');
  });

  test('after forgetting every row is written again', () => {
    const diff = createScreenDiff(columns, rows);
    diff.update(rowsOf(['a', 'b', 'c', 'd']));
    diff.forget();
    for (const letter of 'abcd') expect(diff.update(rowsOf(['a', 'b', 'c', 'd'])) + letter).toContain(letter);
  });
});
