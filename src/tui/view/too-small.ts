import { line, span } from '../../draw/line.ts';
import type { Theme } from '../../draw/theme.ts';
import type { State } from '../state/state.ts';
import type { Part } from './screen.ts';

/** Both sizes, as btop does: what it is and what it should be. */
export const tooSmall = ({ columns, rows }: State['size'], theme: Theme): Part => {
  const texts = ['terminal too small', `${columns}x${rows}, wand needs 40x10`, 'q quits'];
  const lines = texts.slice(0, rows).map((text) => line([span(text)], columns, theme));
  return { key: 'notice', rect: { x: 0, y: 0, width: columns, height: lines.length }, lines };
};
