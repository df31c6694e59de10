import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IPty, spawn } from '@lydell/node-pty';
import { build } from 'esbuild';

/** Bundles a program of this folder as the real one is bundled; answers its path and how to remove it. */
export const bundleProgram = async (entry: string): Promise<{ path: string; remove(): void }> => {
  const folder = mkdtempSync(join(tmpdir(), 'wand-screen-'));
  await build({
    entryPoints: [entry],
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    external: ['react-devtools-core'],
    banner: { js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);' },
    logLevel: 'warning',
  });
  const name = entry.split('/').at(-1)!.replace(/\.ts$/, '.mjs');
  return { path: join(folder, name), remove: () => rmSync(folder, { recursive: true, force: true }) };
};

export type Program = {
  pty: IPty;
  output(): string;
  /** Waits for a text in what was written so far. */
  until(text: string): Promise<void>;
  ended: Promise<{ exitCode: number; signal?: number | undefined }>;
};

/** Starts a program of ours on a pseudo terminal. */
export const startProgram = (
  path: string,
  environment: Record<string, string> = {},
  size = { cols: 120, rows: 36 },
): Program => startCommand(process.execPath, [path], environment, size);

/** Starts any program on a pseudo terminal. */
export const startCommand = (
  command: string,
  args: string[],
  environment: Record<string, string> = {},
  size = { cols: 120, rows: 36 },
): Program => {
  const pty = spawn(command, args, {
    ...size,
    name: 'xterm-256color',
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/', LANG: 'C.UTF-8', ...environment },
  });
  let text = '';
  pty.onData((data) => {
    text += data;
  });
  const ended = new Promise<{ exitCode: number; signal?: number | undefined }>((resolve) => pty.onExit(resolve));
  const until = async (wanted: string): Promise<void> => {
    const giveUp = Date.now() + 15_000;
    while (!text.includes(wanted)) {
      if (Date.now() > giveUp)
        throw new Error(`"${wanted}" did not come; there is: ${JSON.stringify(text.slice(-2_000))}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  return { pty, output: () => text, until, ended };
};
