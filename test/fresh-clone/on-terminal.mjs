// `npm start` on a terminal, run inside a clone with its own packages: the workbench opens while yellow_taxi runs, q gives the terminal back.
// Prints one JSON object. Node 20 syntax.
import { setTimeout as pause } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

const [columns, rows] = [160, 40];
const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
const pty = spawn('npm', ['start'], { name: 'xterm-256color', cols: columns, rows, env: process.env });
const started = Date.now();
let exit = null;
pty.onData((data) => emulator.write(data));
emulator.onData((data) => exit === null && pty.write(data));
pty.onExit(({ exitCode }) => emulator.write('', () => (exit = exitCode)));

const screen = () =>
  Array.from({ length: rows }, (_, row) => {
    const { active } = emulator.buffer;
    return active.getLine(active.viewportY + row)?.translateToString(true, 0, columns) ?? '';
  }).join('\n');

const until = async (what, holds) => {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await pause(20)) {
    if (holds()) return Date.now() - started;
  }
  console.error(`waited in vain for ${what}; the screen is\n${screen()}`);
  pty.kill('SIGKILL');
  process.exit(1);
};

const opened = await until('the workbench on yellow_taxi', () => /taxi ▸ yellow_taxi/.test(screen()));
const running = await until('a run', () => /run \d+ [●✓]/.test(screen()));
const done = await until('the end of yellow_taxi', () => screen().includes('✓ trips_per_borough'));
const alternate = emulator.buffer.active.type === 'alternate';
pty.write('q');
await until('the end of npm start', () => exit !== null);
console.log(
  JSON.stringify({
    opened,
    running,
    done,
    alternate,
    exit,
    restored: emulator.buffer.active.type === 'normal',
    last: screen().trim(),
  }),
);
process.exit(0);
