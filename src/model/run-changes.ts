/** A value that is not the same in two runs; undefined where it is not there at all. */
export type Changed = { name: string; left?: unknown; right?: unknown };

/** What the definition of a block says otherwise in the second run. */
export type BlockChange = {
  block: string;
  change: 'added' | 'removed' | 'changed';
  upstream: { left: string[]; right: string[] } | null;
  settings: Changed[];
};

/** A file of the project, or the code inside a pipeline's entry, that two runs do not have alike. */
export type FileChange = {
  /** Below the project. */
  path: string;
  change: 'added' | 'removed' | 'changed';
  /** Blocks whose code it is. */
  blocks: string[];
  /** Lines of a unified diff, without the lines that name the file. Null where it is not code that can be shown. */
  patch: string[] | null;
};

/** What two runs differ in besides rows and times. */
export type RunChanges = {
  left: string;
  right: string;
  executionDate: { left: string; right: string } | null;
  variables: Changed[];
  blocks: BlockChange[];
  /** Files of blocks first; null where a run has kept no code. */
  files: FileChange[] | null;
};
