import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { wandHome } from '../../home/paths.ts';
import { writePrivateFile } from '../../home/private-file.ts';

/** Terminals drop longer sequences; k9s found this bound. Encoded bytes. */
const mostEncoded = 74_994;

export type Copied = {
  bytes: number;
  /** Where the text is: in the terminal's clipboard, or only in the file, and why. */
  where: 'clipboard' | 'file';
  reason: 'too long' | 'off' | null;
  /** The file that has it in any case; null where it could not be written. */
  file: string | null;
};

type Options = {
  environment: NodeJS.ProcessEnv;
  write(bytes: string): void;
  /** Hands a text to a program; answers whether it took it. */
  pipe?(command: string, args: string[], text: string): Promise<boolean>;
};

/**
 * Copies a text by the terminal's own means (OSC 52), which reaches the reader's machine over SSH too. Inside tmux tmux passes it on; where
 * that fails the sequence goes through tmux as it is. A file under `$WAND_HOME/ui` has the text in any case, since no terminal says whether it took it.
 * `WAND_CLIPBOARD=off` leaves the terminal alone.
 */
export const copyText = async (text: string, { environment, write, pipe = pipeTo }: Options): Promise<Copied> => {
  const bytes = Buffer.byteLength(text);
  const file = keepInFile(text, environment);
  if (environment.WAND_CLIPBOARD === 'off') return { bytes, where: 'file', reason: 'off', file };
  const encoded = Buffer.from(text).toString('base64');
  if (encoded.length > mostEncoded) return { bytes, where: 'file', reason: 'too long', file };
  const sequence = `\u001b]52;c;${encoded}\u0007`;
  if (!environment.TMUX) write(environment.TERM?.startsWith('screen') ? throughScreen(sequence) : sequence);
  else if (!(await pipe('tmux', ['load-buffer', '-w', '-'], text))) write(throughTmux(sequence));
  return { bytes, where: 'clipboard', reason: null, file };
};

const keepInFile = (text: string, environment: NodeJS.ProcessEnv): string | null => {
  const file = join(wandHome(environment), 'ui', 'copied.txt');
  try {
    writePrivateFile(file, text);
    return file;
  } catch {
    return null;
  }
};

const throughTmux = (sequence: string): string =>
  `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;

/** GNU screen takes strings of at most 768 bytes, one after the other. */
const throughScreen = (sequence: string): string =>
  (sequence.match(/[\s\S]{1,512}/g) ?? []).map((part) => `\u001bP${part}\u001b\\`).join('');

/** A tmux that hangs must not keep the text back. */
const patience = 1_000;

const pipeTo = (command: string, args: string[], text: string): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'ignore'], timeout: patience });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
    child.stdin.on('error', () => undefined);
    child.stdin.end(text);
  });
