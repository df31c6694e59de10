import type { Writable } from 'node:stream';
import type { Row } from './cells.ts';
import { createScreenDiff } from './diff.ts';

/** A frame larger than this is bracketed so that terminals that can show it at once do. */
const synchronizedFrom = 1_000;
/** A write that takes longer blocks the keys too: background frames get rarer for a second (terminal.md D4). */
const slowWrite = 50;

export type FrameWriter = {
  /** Shows these rows. While an earlier frame is still on its way only the newest one waits. */
  show(rows: readonly Row[]): void;
  /** Writes every cell again, as after a resize or a suspend. */
  redraw(): void;
  /** Keeps frames back while the terminal is somebody else's; `release` draws the newest one from nothing. */
  hold(): void;
  release(): void;
  resize(columns: number, rows: number): void;
  /** Of the last frame. */
  bytes(): number;
  /** True for a second after a slow write. */
  isSlow(): boolean;
  /** Nothing is written from now on. */
  stop(): void;
};

/** Turns frames into the bytes of their changes, and drops frames that the terminal is too slow to take. */
export const createFrameWriter = (stream: Writable, size: { columns: number; rows: number }): FrameWriter => {
  const diff = createScreenDiff(size.columns, size.rows);
  let writing = false;
  let waiting: readonly Row[] | null = null;
  let last: readonly Row[] = [];
  let slowUntil = 0;
  let stopped = false;
  let held = false;
  let sent = 0;

  const write = (rows: readonly Row[]): void => {
    last = rows;
    const bytes = diff.update(rows);
    sent = bytes.length;
    if (bytes === '') return;
    const frame = bytes.length > synchronizedFrom ? `\u001b[?2026h${bytes}\u001b[?2026l` : bytes;
    writing = true;
    const start = performance.now();
    stream.write(frame, () => {
      writing = false;
      if (waiting && !stopped && !held) {
        const next = waiting;
        waiting = null;
        write(next);
      }
    });
    if (performance.now() - start > slowWrite) slowUntil = performance.now() + 1_000;
  };

  return {
    show: (rows) => {
      if (stopped) return;
      if (writing || held) waiting = rows;
      else write(rows);
    },
    redraw: () => {
      diff.forget();
      if (!stopped && last.length > 0) write(last);
    },
    hold: () => {
      held = true;
    },
    release: () => {
      held = false;
      diff.forget();
      const next = waiting ?? last;
      waiting = null;
      if (!stopped && next.length > 0) write(next);
    },
    resize: (columns, rows) => {
      diff.resize(columns, rows);
      waiting = null;
    },
    bytes: () => sent,
    isSlow: () => performance.now() < slowUntil,
    stop: () => {
      stopped = true;
      waiting = null;
    },
  };
};
