import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import xterm from '@xterm/headless';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../../src/home/package-root.ts';
import { bundleProgram, type Program, startProgram } from '../../driver/terminal-program.ts';

let program: Awaited<ReturnType<typeof bundleProgram>>;
let running: Program | undefined;
const size = { cols: 160, rows: 48 };
const mount = join(tmpdir(), `wand-mount-${process.pid}`);
const letMount = (): void => writeFileSync(`${mount}.go`, '');
const isMounted = (): boolean => existsSync(`${mount}.done`);

beforeAll(async () => {
  program = await bundleProgram(join(import.meta.dirname, '../../driver/fake-main.ts'));
});
afterEach(async () => {
  running?.pty.write('\u0003');
  await running?.ended;
  for (const end of ['.go', '.done']) rmSync(`${mount}${end}`, { force: true });
});
afterAll(() => program.remove());

type Screen = { text(): string; cells(): string; bytes(): number };

const open = (): Screen => {
  const terminal = new xterm.Terminal({ ...size, allowProposedApi: true });
  let bytes = 0;
  running = startProgram(program.path, { FAKE_MOUNT: mount, NODE_PATH: join(packageRoot(), 'node_modules') }, size);
  running.pty.onData((data) => {
    terminal.write(data, () => {
      bytes += data.length;
    });
  });
  const lines = () => Array.from({ length: size.rows }, (_, y) => terminal.buffer.active.getLine(y)!);
  const look = (line: ReturnType<typeof lines>[number], x: number): string => {
    const cell = line.getCell(x)!;
    const marks = [cell.isBold(), cell.isDim(), cell.isInverse(), cell.isUnderline(), cell.isItalic()];
    return [cell.getChars(), cell.getFgColor(), cell.getBgColor(), ...marks].join(' ');
  };
  return {
    text: () =>
      lines()
        .map((line) => line.translateToString(true))
        .join('\n'),
    cells: () =>
      lines()
        .map((line) => Array.from({ length: size.cols }, (_, x) => look(line, x)).join('|'))
        .join('\n'),
    bytes: () => bytes,
  };
};

const patience = { timeout: 30_000, interval: 10 };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('no key is lost while Ink mounts under the screen', async () => {
  const screen = open();
  await expect.poll(screen.text, patience).toContain('load_zones');
  running!.pty.write('5');
  await expect.poll(screen.text, patience).toContain('cell 1,1');
  // Before, while and after.
  let typed = 0;
  const type = async (): Promise<void> => {
    running!.pty.write('j');
    typed += 1;
    await pause(5);
  };
  for (let some = 0; some < 20; some++) await type();
  expect(isMounted()).toBe(false);
  letMount();
  while (!isMounted()) await type();
  for (let more = 0; more < 20; more++) await type();
  await expect.poll(screen.text, patience).toMatch(new RegExp(`cell ${typed + 1},1\\b`));
});

test('Ink changes no cell when it mounts, nor with the first frame that it places', async () => {
  const screen = open();
  await expect.poll(screen.text, patience).toContain('✓ trips_per_zone');
  // Without Ink, when nothing comes any more.
  let before = { cells: '', bytes: -1 };
  while (before.bytes !== screen.bytes()) {
    before = { cells: screen.cells(), bytes: screen.bytes() };
    await pause(500);
  }
  expect(isMounted()).toBe(false);
  letMount();
  await expect.poll(isMounted, patience).toBe(true);
  await pause(300);
  expect(screen.bytes()).toBe(before.bytes);
  running!.pty.write('?');
  await expect.poll(screen.text, patience).toContain('type to filter');
  running!.pty.write('\u001b');
  await expect.poll(screen.text, patience).not.toContain('type to filter');
  await expect.poll(() => screen.cells() === before.cells, patience).toBe(true);
});
