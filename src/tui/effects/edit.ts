import { displayText } from '../../draw/text-width.ts';
import { messageOf } from '../../problem/wand-error.ts';
import type { Status } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { editorCommand } from '../term/editor.ts';
import type { WorkbenchSource } from '../workbench-source.ts';
import { type TerminalDoor, troubleOf } from './effects.ts';

/** Runs the user's editor on a file at a line; afterwards the project's files are read again. */
export const createEdit =
  (source: WorkbenchSource, { dispatch }: Store, { environment, during, runProgram }: TerminalDoor) =>
  (file: string, line: number | null): void => {
    const { command, args, name } = editorCommand(environment, file, line);
    const say = (text: string, kind: Status['kind']): void => dispatch({ type: 'status', status: { text, kind } });
    const work = async (): Promise<void> => {
      const exitCode = await runProgram(command, args);
      if (exitCode === 127) say(`the editor ${displayText(name)} was not found; set $EDITOR`, 'error');
      else if (exitCode !== 0) say(`${displayText(name)} ended with ${exitCode}`, 'warning');
    };
    during(work)
      .catch((error) => say(messageOf(error), 'error'))
      .then(async () => {
        dispatch({ type: 'codeStale' });
        dispatch({ type: 'instanceLoaded', instance: await source.readInstance() });
      })
      .catch((error) => dispatch({ type: 'trouble', trouble: troubleOf(error) }));
  };
