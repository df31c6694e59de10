import { wrapped } from '../../../draw/failure.ts';
import { line, span } from '../../../draw/line.ts';
import type { Theme, Token } from '../../../draw/theme.ts';

export type Message = { text: string; fix?: string | null; kind?: 'info' | 'error' };

/** A message in place of a pane's content: what is the case, and below it the way out. */
export const messageLines = ({ text, fix, kind = 'info' }: Message, width: number, theme: Theme): string[] => {
  const rows = (content: string, token: Token): string[] =>
    wrapped(content, Math.max(8, width - 2), 8).map((row) => line([span(` ${row}`, token)], width, theme));
  return [...rows(text, kind === 'error' ? 'error' : 'muted'), ...(fix ? rows(fix, 'info') : [])];
};
