import type { Pipeline } from '../model/project.ts';

/** A pipeline without blocks, of which its file has said nothing yet. */
export const emptyPipeline = (uuid: string, file: string): Pipeline => ({
  uuid,
  name: uuid,
  type: 'python',
  description: null,
  tags: [],
  file,
  blocks: [],
  callbacks: [],
  conditionals: [],
  charts: [],
  variables: {},
  concurrencyConfig: {},
  runInOneProcess: false,
  cacheOutputInMemory: false,
  problems: [],
});
