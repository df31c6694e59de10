import { line, span } from '../../../draw/line.ts';
import { displayText, fitted } from '../../../draw/text-width.ts';
import type { Theme } from '../../../draw/theme.ts';
import { activeActions } from '../../keys/actions.ts';
import type { State } from '../../state/state.ts';
import type { DialogContent } from './content.ts';

/** The menu is the list of its actions; what cannot be copied now says why. */
export const copyContent = (state: State, width: number, theme: Theme): DialogContent => {
  const lines = activeActions(state)
    .filter(({ id }) => id !== 'copy.close')
    .map(({ keys, help, when }) => {
      const reason = when?.(state) ?? true;
      return line(
        [
          span(` ${fitted(keys.join(' '), 6)}`, reason === true ? 'key' : 'muted'),
          span(help, reason === true ? undefined : 'muted'),
          span(reason === true ? '' : `  ${displayText(reason)}`, 'muted'),
        ],
        width,
        theme,
      );
    });
  return { title: [span('copy', 'title')], note: [span('esc closes', 'muted')], lines };
};
