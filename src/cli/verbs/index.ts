import type { Command } from 'commander';

export type AddVerb = (program: Command) => void;

/** Every verb, in the order of the help; each file is loaded only when it is needed. */
export const verbs = {
  ls: async (): Promise<AddVerb> => (await import('./ls.ts')).addLsVerb,
  run: async (): Promise<AddVerb> => (await import('./run.ts')).addRunVerb,
  runs: async (): Promise<AddVerb> => (await import('./runs.ts')).addRunsVerb,
  show: async (): Promise<AddVerb> => (await import('./show.ts')).addShowVerb,
  retry: async (): Promise<AddVerb> => (await import('./retry.ts')).addRetryVerb,
  cancel: async (): Promise<AddVerb> => (await import('./cancel.ts')).addCancelVerb,
  logs: async (): Promise<AddVerb> => (await import('./logs.ts')).addLogsVerb,
  preview: async (): Promise<AddVerb> => (await import('./preview.ts')).addPreviewVerb,
  profile: async (): Promise<AddVerb> => (await import('./profile.ts')).addProfileVerb,
  diff: async (): Promise<AddVerb> => (await import('./diff.ts')).addDiffVerb,
  chart: async (): Promise<AddVerb> => (await import('./chart.ts')).addChartVerb,
  sql: async (): Promise<AddVerb> => (await import('./sql.ts')).addSqlVerb,
  tables: async (): Promise<AddVerb> => (await import('./tables.ts')).addTablesVerb,
  graph: async (): Promise<AddVerb> => (await import('./graph.ts')).addGraphVerb,
  check: async (): Promise<AddVerb> => (await import('./check.ts')).addCheckVerb,
  db: async (): Promise<AddVerb> => (await import('./db.ts')).addDbVerb,
  python: async (): Promise<AddVerb> => (await import('./python.ts')).addPythonVerb,
  worker: async (): Promise<AddVerb> => (await import('./worker.ts')).addWorkerVerb,
  workers: async (): Promise<AddVerb> => (await import('./workers.ts')).addWorkersVerb,
  retention: async (): Promise<AddVerb> => (await import('./retention.ts')).addRetentionVerb,
  keys: async (): Promise<AddVerb> => (await import('./keys.ts')).addKeysVerb,
  start: async (): Promise<AddVerb> => (await import('./start.ts')).addStartVerb,
};
