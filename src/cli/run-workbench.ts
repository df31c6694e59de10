import { setTimeout as pause } from 'node:timers/promises';
import { WandError } from '../problem/wand-error.ts';
import { readKeymap } from '../tui/keys/read-keymap.ts';
import { openLiveSource } from '../tui/live-source.ts';
import { openWorkbench } from '../tui/open-workbench.ts';
import { readKept } from '../tui/state/kept.ts';
import { uiFile } from '../tui/ui-file.ts';

export type WorkbenchStart = { project?: string; pipeline?: string; runId?: string };

/** Opens the workbench on this terminal; the process ends with it. */
export const runWorkbench = async ({
  instancePath,
  start,
}: {
  instancePath: string;
  start?: WorkbenchStart;
}): Promise<number> => {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new WandError('no-terminal', 'the workbench needs a terminal', {
      fix: 'without one use the verbs: wand ls, wand run PIPELINE, wand runs, wand preview TABLE (wand --help)',
    });
  }
  const memory = uiFile(instancePath);
  const source = openLiveSource(instancePath, start?.pipeline || start?.runId ? {} : readKept(memory.read()));
  // Connections are on their way before anything else is done.
  await new Promise((resolve) => setImmediate(resolve));
  const exitCode = await openWorkbench({ source, start, memory, keys: readKeymap() });
  await Promise.race([source.close(), pause(500)]);
  // A connection or an embedded server may just be on its way; the prompt does not wait for it.
  process.exit(exitCode);
};
