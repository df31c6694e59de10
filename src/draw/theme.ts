import { asciiGlyphs, type Glyphs, type StatusName, unicodeGlyphs } from './glyphs.ts';
import { paletteOf, type ThemeName, themeNames } from './palettes.ts';

/** What a piece of text means; the theme decides how it looks. */
export type Token =
  | 'text'
  | 'strong'
  | 'muted'
  | 'title'
  | 'border'
  | 'borderFocus'
  | 'key'
  | 'ok'
  | 'running'
  | 'error'
  | 'warning'
  | 'info'
  | 'type'
  | 'number'
  | 'null'
  | 'selected'
  | 'selectedIdle'
  | 'match';

export type Theme = { glyphs: Glyphs; sgr: Record<Token, string> };

type ThemeOptions = { name?: ThemeName; ascii?: boolean };

export const createTheme = ({ name = 'neutral', ascii = false }: ThemeOptions = {}): Theme => ({
  glyphs: ascii ? asciiGlyphs : unicodeGlyphs,
  sgr: paletteOf(name),
});

/** Whether the terminal is dark or light, as far as it has said. */
export type Background = 'dark' | 'light' | null;

/**
 * `WAND_THEME` (auto, dark, light, high-contrast, mono), `NO_COLOR`, `WAND_ASCII=1` and a locale without UTF-8 decide the theme. `auto` follows
 * the background.
 */
export const themeOf = (environment: NodeJS.ProcessEnv, background: Background = null): Theme =>
  createTheme({ name: themeName(environment, background), ascii: wantsAscii(environment) });

/** Whether the theme depends on the background. */
export const isAuto = (environment: NodeJS.ProcessEnv): boolean =>
  !environment.NO_COLOR && environment.TERM !== 'dumb' && chosen(environment) === null;

const themeName = (environment: NodeJS.ProcessEnv, background: Background): ThemeName => {
  if (environment.NO_COLOR || environment.TERM === 'dumb') return 'mono';
  return chosen(environment) ?? background ?? 'neutral';
};

const chosen = ({ WAND_THEME }: NodeJS.ProcessEnv): ThemeName | null =>
  themeNames.find((name) => name === WAND_THEME) ?? null;

const wantsAscii = ({ WAND_ASCII, LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean => {
  const locale = LC_ALL || LC_CTYPE || LANG || '';
  return WAND_ASCII ? WAND_ASCII !== '0' : /\./.test(locale) && !/utf-?8/i.test(locale);
};

const statusTokens: Record<StatusName, Token> = {
  none: 'muted',
  initial: 'muted',
  queued: 'muted',
  running: 'running',
  completed: 'ok',
  failed: 'error',
  cancelled: 'muted',
  upstream_failed: 'error',
  condition_failed: 'muted',
};

export const statusToken = (status: StatusName): Token => statusTokens[status];
