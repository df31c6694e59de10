/**
 * A name that Mage writes into SQL without quotes, as the server then reads it: ASCII letters folded to lower case, cut
 * at 63 bytes. A name in double quotes is taken as it stands.
 */
export const foldName = (name: string): string => {
  const quoted = /^"((?:[^"]|"")+)"$/.exec(name);
  const read = quoted ? quoted[1]!.replaceAll('""', '"') : name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return cutName(read);
};

/** Cut at Postgres' 63 bytes, never inside a character, as the server does. */
export const cutName = (name: string): string => {
  const bytes = Buffer.from(name);
  if (bytes.length <= 63) return name;
  let end = 63;
  while ((bytes[end]! & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString();
};

/** An unquoted word of SQL text as a quoted name that means the same. */
export const quoteWord = (word: string): string => `"${foldName(word)}"`;
