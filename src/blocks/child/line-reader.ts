/** A line longer than this is cut, so that one runaway line cannot fill the worker's memory. */
export const longestLine = 10 * 1024 * 1024;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export type LineReader = { push(chunk: Uint8Array): void; end(): void };

/**
 * Splits a byte stream into lines of text and hands each to `take`, without its line end. Invalid UTF-8 becomes U+FFFD; a character split
 * between two chunks is kept whole; a last line without a line end is delivered by `end`. A line over `limit` bytes is cut with a note.
 */
export const createLineReader = (take: (line: string) => void, limit = longestLine): LineReader => {
  let parts: Uint8Array[] = [];
  let kept = 0;
  let dropped = 0;

  const keep = (bytes: Uint8Array) => {
    const room = limit - kept;
    if (bytes.length > room) dropped += bytes.length - room;
    const part = bytes.length > room ? bytes.subarray(0, room) : bytes;
    if (part.length > 0) parts.push(part);
    kept += part.length;
  };
  const flush = () => {
    const text = textOf(parts);
    take(dropped > 0 ? `${text} [cut: ${dropped} more bytes in this line]` : text);
    parts = [];
    kept = 0;
    dropped = 0;
  };

  return {
    push: (chunk) => {
      let start = 0;
      for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, start)) {
        keep(chunk.subarray(start, at));
        flush();
        start = at + 1;
      }
      if (start < chunk.length) keep(chunk.subarray(start));
    },
    end: () => {
      if (kept > 0 || dropped > 0) flush();
    },
  };
};

const textOf = (parts: Uint8Array[]): string => {
  const bytes = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
  const end = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length;
  return Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('utf8');
};
