import { WandError } from '../../problem/wand-error.ts';

const signs = { positive: 0x0000, negative: 0x4000, nan: 0xc000, infinity: 0xd000, minusInfinity: 0xf000 } as const;

/** Postgres' numeric on the wire: count, weight, sign and display scale, then digits of base 10,000. */
export const numericBytes = (text: string): Uint8Array => {
  const special = specials[text.toLowerCase()];
  if (special !== undefined) return header(0, 0, special, 0, []);
  const parts = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text.trim());
  if (!parts || parts[2]! + parts[3]! === '') {
    throw new WandError('bad-number', `"${text}" is no number`, {
      fix: 'clean the column, or let the table hold it as text',
    });
  }
  const { whole, fraction } = shifted(parts[2]!, parts[3]!, Number(parts[4] ?? 0));
  const padded = whole.padStart(Math.ceil(whole.length / 4) * 4, '0');
  const digits = groups(padded + fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0'));
  let weight = padded.length / 4 - 1;
  let first = 0;
  while (first < digits.length && digits[first] === 0) {
    first++;
    weight--;
  }
  let last = digits.length;
  while (last > first && digits[last - 1] === 0) last--;
  const kept = digits.slice(first, last);
  const sign = parts[1] === '-' && kept.length > 0 ? signs.negative : signs.positive;
  return header(kept.length, kept.length === 0 ? 0 : weight, sign, fraction.length, kept);
};

const specials: Record<string, number> = {
  nan: signs.nan,
  inf: signs.infinity,
  infinity: signs.infinity,
  '-inf': signs.minusInfinity,
  '-infinity': signs.minusInfinity,
};

const shifted = (whole: string, fraction: string, exponent: number): { whole: string; fraction: string } => {
  if (exponent === 0) return { whole, fraction };
  if (exponent > 0) {
    const moved = fraction.padEnd(exponent, '0');
    return { whole: whole + moved.slice(0, exponent), fraction: moved.slice(exponent) };
  }
  const moved = whole.padStart(-exponent, '0');
  return { whole: moved.slice(0, moved.length + exponent), fraction: moved.slice(moved.length + exponent) + fraction };
};

const groups = (text: string): number[] => {
  const digits: number[] = [];
  for (let at = 0; at < text.length; at += 4) digits.push(Number(text.slice(at, at + 4)));
  return digits;
};

const header = (count: number, weight: number, sign: number, scale: number, digits: number[]): Uint8Array => {
  const bytes = new Uint8Array(8 + 2 * digits.length);
  const view = new DataView(bytes.buffer);
  view.setInt16(0, count);
  view.setInt16(2, weight);
  view.setUint16(4, sign);
  view.setInt16(6, scale);
  digits.forEach((digit, at) => {
    view.setInt16(8 + 2 * at, digit);
  });
  return bytes;
};
