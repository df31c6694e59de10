import { WandError } from '../problem/wand-error.ts';

/** The number an option was given; throws `bad-usage` for anything but digits. */
export const wholeNumber = (option: string, text: string): number => {
  if (!/^\d{1,12}$/.test(text)) throw new WandError('bad-usage', `${option} ${text}: expected a whole number`);
  return Number(text);
};
