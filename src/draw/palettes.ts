import type { Token } from './theme.ts';

export type ThemeName = 'neutral' | 'dark' | 'light' | 'high-contrast' | 'mono';

export const themeNames: readonly ThemeName[] = ['neutral', 'dark', 'light', 'high-contrast', 'mono'];

/** SGR parameters: the 16 ANSI colours only, and neither white nor black as text. Readable on dark and on light alike, as far as that goes. */
const neutral: Record<Token, string> = {
  text: '',
  strong: '1',
  muted: '2',
  title: '1',
  border: '2',
  borderFocus: '36',
  key: '36',
  ok: '32',
  running: '33',
  error: '31',
  warning: '33',
  info: '34',
  type: '36',
  number: '',
  null: '2',
  selected: '7',
  selectedIdle: '4',
  match: '1;33',
};

/** The dark blue of most terminals cannot be read on black, nor can its red at a glance. */
const dark: Record<Token, string> = { ...neutral, info: '94', error: '91', match: '1;93' };

/** Yellow and cyan cannot be read on white. */
const light: Record<Token, string> = {
  ...neutral,
  borderFocus: '34',
  key: '34',
  running: '35',
  warning: '35',
  type: '34',
  match: '1;35',
};

/** Nothing is dim, what matters is bold, and everything that has a colour has it bright. */
const highContrast: Record<Token, string> = {
  ...neutral,
  muted: '',
  border: '',
  null: '3',
  borderFocus: '1;96',
  key: '1;96',
  ok: '1;92',
  running: '1;93',
  error: '1;91',
  warning: '1;93',
  info: '1;96',
  type: '96',
  selected: '1;7',
  selectedIdle: '1;4',
  match: '1;4;93',
};

const colorParameter = /^(3[0-7]|9[0-7])$/;

/** Without colour bold, dim, underline and inverse stay. */
const withoutColor = (parameters: string): string =>
  parameters
    .split(';')
    .filter((parameter) => !colorParameter.test(parameter))
    .join(';');

const mono = (): Record<Token, string> => {
  const sgr = { ...neutral };
  for (const token of Object.keys(sgr) as Token[]) sgr[token] = withoutColor(sgr[token]);
  return { ...sgr, borderFocus: '1', match: '4' };
};

export const paletteOf = (name: ThemeName): Record<Token, string> =>
  ({ neutral, dark, light, 'high-contrast': highContrast, mono: mono() })[name];
