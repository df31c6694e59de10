import { PassThrough, Writable } from 'node:stream';
import xterm from '@xterm/headless';
import { expect } from 'vitest';
import type { Start } from '../../src/tui/effects/open-at-start.ts';
import type { ReadKeymap } from '../../src/tui/keys/keymap.ts';
import { openWorkbench } from '../../src/tui/open-workbench.ts';
import type { Memory } from '../../src/tui/ui-file.ts';
import type { WorkbenchSource } from '../../src/tui/workbench-source.ts';

export type DriverOptions = {
  columns?: number;
  rows?: number;
  start?: Start;
  environment?: NodeJS.ProcessEnv;
  keys?: ReadKeymap;
  memory?: Memory;
};

const keyBytes: Record<string, string> = {
  enter: '\r',
  esc: '\u001b',
  tab: '\t',
  'shift-tab': '\u001b[Z',
  up: '\u001bOA',
  down: '\u001b[B',
  pagedown: '\u001b[6~',
  'ctrl-c': '\u0003',
  'ctrl-d': '\u0004',
  'ctrl-o': '\u000f',
  'ctrl-p': '\u0010',
  'ctrl-r': '\u0012',
  'ctrl-u': '\u0015',
  space: ' ',
  backspace: '\u007f',
};

/** Far above what is needed, also where others work on the same machine. Milliseconds. */
const patience = 30_000;

/** A workbench on a terminal in memory, told by meaning: `press`, `expectFooter`, `expectSelected`. */
export class Driver {
  readonly terminal: xterm.Terminal;
  readonly exitCode: Promise<number>;
  /** Everything written to the terminal since the last `takeBytes`. */
  written = '';
  readonly #stdin = new PassThrough();
  readonly #stdout: Writable & { columns: number; rows: number; isTTY: boolean };

  constructor(
    source: WorkbenchSource,
    { columns = 120, rows = 36, start = {}, environment = { LANG: 'C.UTF-8' }, memory, keys }: DriverOptions = {},
  ) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
    const stdout = new Writable({
      decodeStrings: false,
      write: (chunk: string | Buffer, _encoding, done) => {
        this.written += chunk.toString();
        this.terminal.write(chunk.toString(), () => done());
      },
    });
    this.#stdout = Object.assign(stdout, { columns, rows, isTTY: true });
    const stdin = Object.assign(this.#stdin, { isTTY: true, setRawMode: () => undefined });
    this.exitCode = openWorkbench({
      source,
      start,
      streams: { stdin, stdout: this.#stdout },
      environment,
      memory,
      keys,
    });
  }

  /** Keys by name; anything without a name is typed as it stands. */
  async press(...keys: string[]): Promise<this> {
    for (const key of keys) {
      this.#stdin.write(keyBytes[key] ?? key);
      if (key === 'esc') await new Promise((resolve) => setTimeout(resolve, 150));
    }
    return this;
  }

  async resize(columns: number, rows: number): Promise<this> {
    this.terminal.resize(columns, rows);
    Object.assign(this.#stdout, { columns, rows });
    this.#stdout.emit('resize');
    return this;
  }

  hangUp(): void {
    this.#stdin.end();
  }

  screen(): string {
    const buffer = this.terminal.buffer.active;
    return Array.from({ length: this.terminal.rows }, (_, y) =>
      (buffer.getLine(buffer.viewportY + y)?.translateToString(true) ?? '').trimEnd(),
    ).join('\n');
  }

  footer(): string {
    return this.screen().split('\n').at(-1)!;
  }

  /** Text of the inverse cells: what is selected. */
  selected(): string {
    const buffer = this.terminal.buffer.active;
    let text = '';
    for (let y = 0; y < this.terminal.rows; y++) {
      const line = buffer.getLine(buffer.viewportY + y)!;
      for (let x = 0; x < this.terminal.cols; x++) {
        const cell = line.getCell(x)!;
        if (cell.isInverse()) text += cell.getChars() || ' ';
      }
    }
    return text.replace(/\s+/g, ' ').trim();
  }

  /** What the terminal was asked last to put into its clipboard; null where nothing was. */
  clipboard(): string | null {
    const found = [...this.written.matchAll(/\u001b\]52;c;([A-Za-z0-9+/=]*)\u0007/g)].at(-1);
    return found ? Buffer.from(found[1]!, 'base64').toString() : null;
  }

  /** Waits until the terminal is asked to take a text into its clipboard, and answers it. */
  async expectCopied(...keys: string[]): Promise<string> {
    this.takeBytes();
    await this.press(...keys);
    await expect.poll(() => this.clipboard(), { timeout: patience, interval: 15 }).not.toBeNull();
    return this.clipboard()!;
  }

  takeBytes(): string {
    const bytes = this.written;
    this.written = '';
    return bytes;
  }

  /** Waits until the screen has the text: drawing is asynchronous, as on a real terminal. */
  expectScreen(text: string | RegExp): Promise<this> {
    return this.#until(() => this.screen(), text);
  }

  expectFooter(text: string | RegExp): Promise<this> {
    return this.#until(() => this.footer(), text);
  }

  expectSelected(text: string | RegExp): Promise<this> {
    return this.#until(() => this.selected(), text);
  }

  /** Waits until the text is gone. */
  async expectMissing(text: string): Promise<this> {
    await expect.poll(() => this.screen(), { timeout: patience, interval: 15 }).not.toContain(text);
    return this;
  }

  /** Until nothing has been written for a while. */
  async settle(): Promise<this> {
    for (let quiet = 0, before = this.written.length; quiet < 3; ) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      quiet = this.written.length === before ? quiet + 1 : 0;
      before = this.written.length;
    }
    return this;
  }

  /** Leaves by key and answers the exit code. */
  async quit(): Promise<number> {
    await this.press('ctrl-c');
    return this.exitCode;
  }

  async #until(read: () => string, text: string | RegExp): Promise<this> {
    await expect
      .poll(read, { timeout: patience, interval: 15 })
      [typeof text === 'string' ? 'toContain' : 'toMatch'](text as string & RegExp);
    return this;
  }
}
