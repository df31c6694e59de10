/** Words as a shell splits them; quotes keep blanks. */
export const shellWords = (text: string): string[] => {
  const words: string[] = [];
  let word = '';
  let open: string | null = null;
  let started = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (open !== null) {
      if (character === open) open = null;
      else word += character === '\\' && open === '"' ? (text[++at] ?? '') : character;
    } else if (character === "'" || character === '"') {
      open = character;
      started = true;
    } else if (character === '\\') word += text[++at] ?? '';
    else if (/\s/.test(character)) {
      if (started || word !== '') words.push(word);
      word = '';
      started = false;
    } else word += character;
  }
  if (open !== null) throw new Error(`a ${open} is not closed`);
  return started || word !== '' ? [...words, word] : words;
};
