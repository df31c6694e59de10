import type { BlockRunStatus, RunStatus } from '../model/run.ts';

export type StatusName = BlockRunStatus | RunStatus | 'none';

/** Everything drawn that is not a letter. Each is one column wide in every terminal we know. */
export type Glyphs = {
  status: Record<StatusName, string>;
  /** Index is a set of bits: up 1, right 2, down 4, left 8. */
  lines: readonly string[];
  dotted: { horizontal: string; vertical: string };
  open: string;
  closed: string;
  sortUp: string;
  /** A block on the critical path. */
  critical: string;
  timeline: { wait: string; run: string; delay: string };
  /** From nothing to full: bars of little histograms. */
  bars: string;
  fullBar: string;
  separator: string;
  breadcrumb: string;
  ellipsis: string;
  null: string;
  pointer: string;
  dot: string;
  left: string;
  right: string;
  more: string;
};

export const unicodeGlyphs: Glyphs = {
  status: {
    none: '·',
    initial: '○',
    queued: '◌',
    running: '●',
    completed: '✓',
    failed: '✗',
    cancelled: '⊘',
    upstream_failed: '↯',
    condition_failed: '⊘',
  },
  lines: [' ', '╵', '╶', '╰', '╷', '│', '╭', '├', '╴', '╯', '─', '┴', '╮', '┤', '┬', '┼'],
  dotted: { horizontal: '┄', vertical: '┆' },
  open: '▾',
  closed: '▸',
  sortUp: '▴',
  critical: '◆',
  timeline: { wait: '░', run: '▓', delay: '┄' },
  bars: ' ▁▂▃▄▅▆▇█',
  fullBar: '█',
  separator: '│',
  breadcrumb: '▸',
  ellipsis: '…',
  null: '∅',
  pointer: '▸',
  dot: '·',
  left: '◀',
  right: '▶',
  more: '⋮',
};

export const asciiGlyphs: Glyphs = {
  status: {
    none: '.',
    initial: 'o',
    queued: 'q',
    running: '*',
    completed: '+',
    failed: 'x',
    cancelled: '-',
    upstream_failed: '!',
    condition_failed: '-',
  },
  lines: [' ', '|', '-', '`', '|', '|', ',', '+', '-', "'", '-', '+', '.', '+', '+', '+'],
  dotted: { horizontal: '-', vertical: ':' },
  open: 'v',
  closed: '>',
  sortUp: '^',
  critical: '!',
  timeline: { wait: '.', run: '#', delay: '-' },
  bars: ' .:-=+*#@',
  fullBar: '#',
  separator: '|',
  breadcrumb: '>',
  ellipsis: '~',
  null: 'NULL',
  pointer: '>',
  dot: '-',
  left: '<',
  right: '>',
  more: ':',
};
