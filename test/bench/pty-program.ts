import { readFileSync } from 'node:fs';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

export type PtyProgram = {
  pid: number;
  rows(): string[];
  screen(): string;
  /** Every cell of a row, with its colours and attributes. */
  cells(row: number): string[];
  /** Bytes written so far. */
  bytes(): number;
  type(keys: string): void;
  /** Milliseconds from the start to the arrival of the bytes after which the emulator's screen satisfies `holds`. */
  since(holds: (screen: string) => boolean): Promise<number>;
  /** Milliseconds from typing to the first byte that comes back. */
  firstByteAfter(keys: string): Promise<number>;
  /** Milliseconds of processor time so far, of this process alone. */
  cpu(): number;
  /** Until nothing has come for `quiet` milliseconds. */
  settle(quiet?: number): Promise<void>;
  ended: Promise<{ code: number }>;
};

export type PtyOptions = { columns?: number; rows?: number; directory: string; environment: NodeJS.ProcessEnv };

const patience = 30_000;

/** A program on a pseudo-terminal, with the time at which its bytes came. */
export const openPtyProgram = (command: string, args: string[], options: PtyOptions): PtyProgram => {
  const { columns = 200, rows = 60, directory, environment } = options;
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const started = performance.now();
  const pty = spawn(command, args, {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd: directory,
    env: { ...(environment as Record<string, string>), TERM: 'xterm-256color', LANG: 'C.UTF-8' },
  });
  let bytes = 0;
  let last = started;
  let gone = false;
  const arrived = new Set<(at: number) => void>();
  const drawn = new Set<(at: number) => void>();
  pty.onData((data) => {
    const at = performance.now();
    bytes += Buffer.byteLength(data);
    last = at;
    for (const listener of arrived) listener(at);
    emulator.write(data, () => {
      for (const listener of drawn) listener(at);
    });
  });
  emulator.onData((data) => gone || pty.write(data));
  const ended = new Promise<{ code: number }>((resolve) => {
    pty.onExit(({ exitCode }) => {
      gone = true;
      emulator.write('', () => resolve({ code: exitCode }));
    });
  });
  const lines = (): string[] =>
    Array.from({ length: rows }, (_, row) => emulator.buffer.active.getLine(row)?.translateToString(true) ?? '');
  const screen = (): string => lines().join('\n');
  return {
    pid: pty.pid,
    rows: lines,
    screen,
    cells: (row) =>
      Array.from({ length: columns }, (_, column) => {
        const cell = emulator.buffer.active.getLine(row)!.getCell(column)!;
        const marks = [cell.isBold(), cell.isDim(), cell.isInverse(), cell.isUnderline()];
        return [cell.getChars() || ' ', cell.getFgColor(), cell.getBgColor(), ...marks].join(' ');
      }),
    bytes: () => bytes,
    type: (keys) => pty.write(keys),
    since: (holds) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          drawn.delete(look);
          reject(new Error(`what was waited for did not come; the screen is\n${screen()}`));
        }, patience);
        const look = (at: number): void => {
          if (!holds(screen())) return;
          clearTimeout(timer);
          drawn.delete(look);
          resolve(at - started);
        };
        drawn.add(look);
        look(last);
      }),
    firstByteAfter: (keys) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no byte came after ${JSON.stringify(keys)}`)), patience);
        const typed = performance.now();
        const listener = (at: number): void => {
          clearTimeout(timer);
          arrived.delete(listener);
          resolve(at - typed);
        };
        arrived.add(listener);
        pty.write(keys);
      }),
    cpu: () => processorTime(pty.pid),
    settle: async (quiet = 300) => {
      for (let before = -1; before !== bytes; ) {
        before = bytes;
        await new Promise((resolve) => setTimeout(resolve, quiet));
      }
    },
    ended,
  };
};

/** User and system time of a process in milliseconds: fields 14 and 15 of /proc/PID/stat, in hundredths of a second. */
const processorTime = (pid: number): number => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
};
