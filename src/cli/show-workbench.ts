import type { runWorkbench } from './run-workbench.ts';

/** Opens the workbench on this terminal, loading it first; the process ends with it. */
export const showWorkbench = async (options: Parameters<typeof runWorkbench>[0]): Promise<number> =>
  (await import('./run-workbench.ts')).runWorkbench(options);
