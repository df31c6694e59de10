import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../home/package-root.ts';
import { WandError } from '../../problem/wand-error.ts';
import { cutName } from './folded-name.ts';
import { cleanName } from './table-names.ts';

/**
 * Column names of an uploaded frame as Mage's export makes them (mage-format.md 5.3): cleaned, and `_` before a word of its
 * list of reserved words. Throws for two columns that come out the same.
 */
export const uploadedNames = (names: string[], block: string): string[] => {
  const origins = new Map<string, string>();
  for (const name of names) {
    const cleaned = cleanName(name) || '_';
    const made = cutName(reservedWords().has(cleaned) ? `_${cleaned}` : cleaned);
    const other = origins.get(made);
    if (other !== undefined) {
      throw new WandError(
        'column-names-clash',
        `columns ${other} and ${name} of block ${block} would both be named ${made}`,
        {
          fix: `Rename one of them in block ${block}.`,
        },
      );
    }
    origins.set(made, name);
  }
  return [...origins.keys()];
};

let words: Set<string> | undefined;

// One list for both sides; the Python library reads the same file.
const reservedWords = (): Set<string> => {
  const path = join(packageRoot(), 'src/blocks/python/lib/mage_ai/io/_postgres/reserved_words.txt');
  words ??= new Set(readFileSync(path, 'utf8').split(/\s+/).filter(Boolean));
  return words;
};
