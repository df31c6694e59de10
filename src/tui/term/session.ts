import { writeSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';

/** The terminal's two ends. Tests bring their own; `setRawMode` is there on a real one. */
export type TerminalStreams = {
  stdin: Readable & { isTTY?: boolean; setRawMode?(mode: boolean): unknown };
  stdout: Writable & { isTTY?: boolean; columns?: number; rows?: number; fd?: number };
};

/** Alternate screen, cursor hidden, bracketed paste on, no automatic wrap: a row that is too long must not move the next. */
export const enterScreen = '\u001b[?1049h\u001b[?25l\u001b[?2004h\u001b[?7l\u001b[H\u001b[2J';
export const leaveScreen = '\u001b[?2026l\u001b[0m\u001b[?7h\u001b[?2004l\u001b[?25h\u001b[?1049l';

export type TerminalSession = {
  /** Gives the terminal to somebody else for a while, and takes it back. */
  leave(): void;
  enter(): void;
  /** Gives the terminal back as it was; safe to call twice and while the process dies. */
  restore(): void;
};

/** Takes the terminal: raw mode first, so that keys typed while we start are not echoed into the picture. */
export const openSession = ({ stdin, stdout }: TerminalStreams): TerminalSession => {
  const enter = (): void => {
    stdin.setRawMode?.(true);
    writeNow(stdout, enterScreen);
  };
  const leave = (): void => {
    writeNow(stdout, leaveScreen);
    stdin.setRawMode?.(false);
  };
  enter();
  let restored = false;
  const restore = (): void => {
    if (restored) return;
    restored = true;
    process.off('exit', restore);
    try {
      writeNow(stdout, leaveScreen);
    } catch {
      // The terminal is gone: there is nothing to give back.
    }
    try {
      stdin.setRawMode?.(false);
    } catch {
      // As above.
    }
  };
  // Whatever ends the process, the terminal comes back.
  process.on('exit', restore);
  return { restore, leave, enter };
};

/** Written at once where there is a descriptor: on the way out nothing waits for a stream any more. */
const writeNow = (stdout: TerminalStreams['stdout'], text: string): void => {
  if (stdout.fd === undefined || !stdout.isTTY) {
    stdout.write(text);
    return;
  }
  let rest = Buffer.from(text);
  const giveUp = performance.now() + 500;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(stdout.fd, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || performance.now() > giveUp) throw error;
    }
  }
};
