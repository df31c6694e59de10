import { join } from 'node:path';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { packageRoot } from '../../src/home/package-root.ts';
import type { Surroundings } from '../support/program.ts';
import { until } from '../support/until.ts';

export type Exit = { code: number; signal: number };

/** A program on a pseudo-terminal, with an emulator that shows what a person would see. */
export type TestTerminal = {
  pid: number;
  /** The visible rows as text, blanks at their ends removed. */
  rows(): string[];
  screen(): string;
  /** Everything the program wrote, with its control sequences. */
  output(): string;
  /** Whether the emulator shows the alternate screen. */
  alternate(): boolean;
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  kill(signal: NodeJS.Signals): void;
  /** Closes our end, as a closed window or a lost connection does. */
  hangUp(): void;
  /** Waits until the screen satisfies `holds`; the error shows the screen. */
  shows(what: string | RegExp | ((screen: string) => boolean), why?: string): Promise<void>;
  ended: Promise<Exit>;
  close(): Promise<void>;
};

/** Starts a command on a pty of this size. */
export const openTerminal = (
  command: string,
  args: string[],
  {
    columns = 120,
    rows = 36,
    directory,
    environment,
  }: { columns?: number; rows?: number; directory: string; environment: NodeJS.ProcessEnv },
): TestTerminal => {
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
  const pty: IPty = spawn(command, args, {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd: directory,
    env: Object.fromEntries(
      Object.entries({ ...environment, TERM: 'xterm-256color', LANG: 'C.UTF-8' }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined && entry[0] !== 'CI',
      ),
    ),
  });
  let output = '';
  let gone = false;
  const reading = pty.onData((data) => {
    output += data;
    emulator.write(data);
  });
  // What the emulator answers (cursor reports and the like) goes back, as from a real terminal.
  emulator.onData((data) => gone || pty.write(data));
  const ended = new Promise<Exit>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      gone = true;
      // The emulator works off what it got in its own time.
      emulator.write('', () => resolve({ code: exitCode, signal: signal ?? 0 }));
    });
  });
  const lines = (): string[] =>
    Array.from(
      { length: emulator.rows },
      (_, row) =>
        emulator.buffer.active
          .getLine(emulator.buffer.active.viewportY + row)
          ?.translateToString(true, 0, emulator.cols) ?? '',
    );
  const screen = (): string => lines().join('\n');
  return {
    pid: pty.pid,
    rows: lines,
    screen,
    output: () => output,
    alternate: () => emulator.buffer.active.type === 'alternate',
    type: (keys) => pty.write(keys),
    resize: (width, height) => {
      emulator.resize(width, height);
      pty.resize(width, height);
    },
    kill: (signal) => process.kill(pty.pid, signal),
    hangUp: () => {
      reading.dispose();
      (pty as unknown as { destroy(): void }).destroy();
    },
    shows: async (what, why) => {
      await until(why ?? String(what), () => {
        const text = screen();
        if (
          typeof what === 'function' ? what(text) : typeof what === 'string' ? text.includes(what) : what.test(text)
        ) {
          return true;
        }
        throw new Error(`the screen is\n${text}`);
      });
    },
    ended,
    close: async () => {
      if (!gone) {
        try {
          process.kill(pty.pid, 'SIGKILL');
        } catch {
          // It has just ended.
        }
        await ended;
      }
      emulator.dispose();
    },
  };
};

/** `wand ARGS` in these surroundings, on a terminal. */
export const wandOnTerminal = (
  place: Surroundings,
  args: string[],
  options: { columns?: number; rows?: number; environment?: NodeJS.ProcessEnv } = {},
): TestTerminal =>
  openTerminal(process.execPath, [join(packageRoot(), 'dist', 'main.js'), ...args], {
    directory: place.root,
    ...options,
    environment: { ...place.environment, ...options.environment },
  });
