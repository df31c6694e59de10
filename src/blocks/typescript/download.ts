import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { messageOf, WandError } from '../../problem/wand-error.ts';
import { say } from './events.ts';

export const isUrl = (location: string): boolean => /^https?:\/\//i.test(location);

/** Streams a URL into a file, following redirects; says how far it is every few seconds. Returns the path. */
export const download = async (url: string, path: string): Promise<string> => {
  const response = await ask(url);
  const announced = Number(response.headers.get('content-length') ?? 0);
  // fetch unpacks a content-encoding itself; then the length announced is not the one that arrives.
  const expected = response.headers.get('content-encoding') ? 0 : announced;
  const counted = counter(url, expected);
  try {
    await pipeline(Readable.fromWeb(response.body as ReadableStream), counted.stream, createWriteStream(path));
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOSPC') throw problem;
    throw unreachable(url, problem);
  }
  if (expected > 0 && counted.bytes() !== expected) {
    throw new WandError('download-short', `${url} broke off after ${counted.bytes()} of ${expected} bytes`, {
      fix: 'run the block again',
    });
  }
  say(`downloaded ${url}: ${megabytes(counted.bytes())}`);
  return path;
};

const ask = async (url: string): Promise<Response> => {
  let response: Response;
  try {
    response = await fetch(url, { redirect: 'follow' });
  } catch (problem) {
    throw unreachable(url, problem);
  }
  if (response.ok && response.body) return response;
  const moved = response.redirected ? ` (redirected to ${response.url})` : '';
  throw new WandError('download-refused', `${url} answered ${response.status} ${response.statusText}`.trim() + moved, {
    fix: response.status === 404 ? 'check the address' : 'try again later, or use a local copy of the file',
  });
};

const unreachable = (url: string, problem: unknown): WandError => {
  const cause = problem instanceof Error && problem.cause instanceof Error ? problem.cause : problem;
  return new WandError('download-failed', `${url} could not be fetched: ${messageOf(cause)}`, {
    fix: 'check the network and the address, or use a local copy of the file',
    cause: problem,
  });
};

const counter = (url: string, expected: number): { stream: Transform; bytes(): number } => {
  let bytes = 0;
  let said = Date.now();
  const stream = new Transform({
    transform: (piece: Buffer, _encoding, next) => {
      bytes += piece.length;
      if (Date.now() - said > 2_000) {
        said = Date.now();
        say(`downloading ${url}: ${megabytes(bytes)}${expected > 0 ? ` of ${megabytes(expected)}` : ''}`);
      }
      next(null, piece);
    },
  });
  return { stream, bytes: () => bytes };
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
