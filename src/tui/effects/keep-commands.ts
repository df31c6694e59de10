import { type CommandEntry, mostKeptCommands, readCommands } from '../state/command-state.ts';
import type { Store } from '../state/store.ts';
import type { WorkbenchSource } from '../workbench-source.ts';

/** Finds the command log of the workbench before this one, and writes each new line of it, without secrets, as it comes. Answers how to stop. */
export const keepCommands = ({ commands }: WorkbenchSource, store: Store): (() => void) => {
  const found = readCommands(commands.read());
  if (found.length > 0) store.dispatch({ type: 'commandsFound', log: found });
  const add = (entry: CommandEntry): void => {
    const { pipeline } = store.state();
    const kept = { ...entry, line: commands.mask(entry.line, pipeline?.projectPath ?? null) };
    // Another workbench may have added to it since; the same line twice in a row is one.
    const before = readCommands(commands.read());
    const others = before.at(-1)?.line === kept.line ? before.slice(0, -1) : before;
    commands.write({ log: [...others, kept].slice(-mostKeptCommands) });
  };
  return store.subscribe((state, before) => {
    const last = state.command.log.at(-1);
    if (last && last !== before.command.log.at(-1)) add(last);
  });
};
