import { rmSync } from 'node:fs';
import xterm from '@xterm/headless';
import { afterAll, expect, test } from 'vitest';
import { copyText } from '../../../src/tui/term/clipboard.ts';
import { makeHome } from '../../support/home.ts';

const home = makeHome();
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What an emulator takes from these bytes for its clipboard. */
const taken = async (bytes: string): Promise<string | null> => {
  const terminal = new xterm.Terminal({ allowProposedApi: true });
  let text: string | null = null;
  terminal.parser.registerOscHandler(52, (data) => {
    text = Buffer.from(data.split(';')[1]!, 'base64').toString();
    return true;
  });
  await new Promise<void>((resolve) => terminal.write(bytes, resolve));
  return text;
};

const copy = async (text: string, environment: NodeJS.ProcessEnv, tmuxTakesIt = true) => {
  let written = '';
  const piped: string[] = [];
  const result = await copyText(text, {
    environment: { WAND_HOME: home, ...environment },
    write: (bytes) => {
      written += bytes;
    },
    pipe: async (command, args, given) => {
      piped.push([command, ...args, given].join(' '));
      return tmuxTakesIt;
    },
  });
  return { result, written, piped };
};

test('a terminal gets the text, whatever is in it', async () => {
  const text = 'naïve 空港 \u001b[2J \u0007 end\n';
  const { written, piped } = await copy(text, {});
  expect(await taken(written)).toBe(text);
  expect(piped).toEqual([]);
});

test('tmux is asked to pass it on; where it cannot the sequence goes through it', async () => {
  const asked = await copy('hello', { TMUX: '/tmp/x,1,0' });
  expect(asked.piped).toEqual(['tmux load-buffer -w - hello']);
  expect(asked.written).toBe('');
  const through = await copy('hello', { TMUX: '/tmp/x,1,0' }, false);
  const inner = /^\u001bPtmux;([\s\S]*)\u001b\\$/.exec(through.written)![1]!.replaceAll('\u001b\u001b', '\u001b');
  expect(await taken(inner)).toBe('hello');
});

test('a text above the bound, and a clipboard that is off, leave the terminal alone', async () => {
  const long = await copy('x'.repeat(60_000), {});
  expect([long.result.where, long.result.reason, long.written]).toEqual(['file', 'too long', '']);
  const off = await copy('x', { WAND_CLIPBOARD: 'off' });
  expect([off.result.where, off.result.reason, off.written]).toEqual(['file', 'off', '']);
});
