import { asciiGlyphs, type Glyphs, type StatusName, unicodeGlyphs } from './glyphs.ts';

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

export type ThemeOptions = { color?: boolean; ascii?: boolean };

/** SGR parameters: the 16 ANSI colours only, and neither white nor black, so that light and dark terminals both read. */
const colored: Record<Token, string> = {
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

const colorParameter = /^(3[0-7]|9[0-7])$/;

/** Without colour (`NO_COLOR`) bold, dim, underline and inverse stay. */
const withoutColor = (parameters: string): string =>
  parameters
    .split(';')
    .filter((parameter) => !colorParameter.test(parameter))
    .join(';');

export const createTheme = ({ color = true, ascii = false }: ThemeOptions = {}): Theme => {
  const sgr = { ...colored };
  if (!color) {
    for (const token of Object.keys(sgr) as Token[]) sgr[token] = withoutColor(sgr[token]);
    sgr.borderFocus = '1';
    sgr.match = '4';
  }
  return { glyphs: ascii ? asciiGlyphs : unicodeGlyphs, sgr };
};

/** `NO_COLOR`, `WAND_ASCII=1` and a locale without UTF-8 decide the theme. */
export const themeOf = (environment: NodeJS.ProcessEnv): Theme => {
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
  const otherCharset = /\./.test(locale) && !/utf-?8/i.test(locale);
  return createTheme({
    color: !environment.NO_COLOR && environment.TERM !== 'dumb',
    ascii: environment.WAND_ASCII ? environment.WAND_ASCII !== '0' : otherCharset,
  });
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
