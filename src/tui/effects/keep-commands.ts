import { type CommandEntry, mostKeptCommands, readCommands } from '../state/command-state.ts';
import type { Store } from '../state/store.ts';
import type { WorkbenchSource } from '../workbench-source.ts';

/** A command is written so many milliseconds after it, with those that follow: what tells what to mask is not read before a key is answered. */
const writeAfter = 100;

/** Finds the command log of the workbench before this one, and writes what comes to it, without secrets. Answers how to stop, which writes the rest. */
export const keepCommands = ({ commands }: WorkbenchSource, store: Store): (() => void) => {
  const found = readCommands(commands.read());
  if (found.length > 0) store.dispatch({ type: 'commandsFound', log: found });
  let waiting: { entry: CommandEntry; projectPath: string | null }[] = [];
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    // Another workbench may have added to it since; the same line twice in a row is one.
    const log = readCommands(commands.read());
    for (const { entry, projectPath } of waiting) {
      const kept = { ...entry, line: commands.mask(entry.line, projectPath) };
      if (log.at(-1)?.line === kept.line) log.pop();
      log.push(kept);
    }
    waiting = [];
    commands.write({ log: log.slice(-mostKeptCommands) });
  };
  const unsubscribe = store.subscribe((state, before) => {
    const last = state.command.log.at(-1);
    if (!last || last === before.command.log.at(-1)) return;
    waiting.push({ entry: last, projectPath: state.pipeline?.projectPath ?? null });
    timer ??= setTimeout(write, writeAfter);
  });
  return () => {
    unsubscribe();
    write();
  };
};
