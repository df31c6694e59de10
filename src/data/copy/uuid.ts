import { WandError } from '../../problem/wand-error.ts';

/** The 16 bytes of a uuid written with or without hyphens and braces. */
export const uuidBytes = (text: string): Uint8Array => {
  const digits = text.replace(/[-{}\s]/g, '');
  if (!/^[0-9a-fA-F]{32}$/.test(digits)) {
    throw new WandError('bad-uuid', `"${text}" is no uuid`, {
      fix: 'clean the column, or let the table hold it as text',
    });
  }
  return Buffer.from(digits, 'hex');
};
