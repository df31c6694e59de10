import type { Readable } from 'node:stream';
import { createDecoder, escapeTimeout, type Key } from './decode.ts';

/** Reads keys from the terminal's input; answers how to stop. `end` is called when there will be no more. */
export const readKeys = (
  stdin: Readable,
  { keys, end, report }: { keys(keys: Key[]): void; end(): void; report?(text: string): void },
): (() => void) => {
  const decoder = createDecoder();
  let timer: NodeJS.Timeout | undefined;
  const hand = (found: Key[]): void => {
    for (const { name, text = '' } of found) if (name === 'report') report?.(text);
    const typed = found.filter(({ name }) => name !== 'report');
    if (typed.length > 0) keys(typed);
  };
  const data = (chunk: Uint8Array | string): void => {
    clearTimeout(timer);
    hand(decoder.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
    if (decoder.pending()) timer = setTimeout(() => hand(decoder.flush()), escapeTimeout);
  };
  stdin.on('data', data);
  stdin.on('end', end);
  stdin.on('close', end);
  stdin.on('error', end);
  stdin.resume();
  return () => {
    clearTimeout(timer);
    stdin.off('data', data);
    stdin.off('end', end);
    stdin.off('close', end);
    stdin.off('error', end);
    // An error after this must not end the process: the terminal may be gone.
    stdin.off('error', nothing);
    stdin.on('error', nothing);
    stdin.pause();
  };
};

const nothing = (): void => undefined;
