import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wandHome } from '../../home/paths.ts';
import { messageOf } from '../../problem/wand-error.ts';
import { actions } from './actions.ts';
import { noKeymap, parseKeymap, type ReadKeymap } from './keymap.ts';

/** `$WAND_HOME/keys.yaml`; none is no problem. */
export const readKeymap = (environment: NodeJS.ProcessEnv = process.env): ReadKeymap => {
  const file = join(wandHome(environment), 'keys.yaml');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { keymap: noKeymap, problems: [] };
    return { keymap: noKeymap, problems: [{ severity: 'error', file, message: messageOf(error) }] };
  }
  return parseKeymap(text, file, actions);
};
