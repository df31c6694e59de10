import type { ExactJson } from './exact-json.ts';

/** `case.yaml`, as the pack's README describes it. */
export type CaseFile = {
  title: string;
  spec?: string[];
  project_name?: string;
  env?: Record<string, unknown>;
  unset_env?: string[];
  setup_sql?: string;
  steps?: Step[];
};

/** One run of a case. Of the other keys `not-run.ts` and `run-case.ts` know what they mean. */
export type Step = {
  pipeline: string;
  trigger?: {
    schedule_interval?: string;
    variables?: Record<string, unknown>;
    settings?: Record<string, unknown>;
  };
  /** Present = a run created by an API call, with these run variables. */
  variables?: Record<string, unknown>;
  /** Seconds. */
  timeout?: number;
  [feature: string]: unknown;
};

/** A folder of the pack: what to run and what real Mage did. */
export type ConformanceCase = {
  /** Folder name, such as `01-course-chain`. */
  name: string;
  folder: string;
  file: CaseFile;
  expected: ExpectedCase;
};

export type ExpectedCase = {
  case: string;
  steps: ExactJson[];
  files_created?: string[];
};

/** What a step came to, in the shape of `expected.json`; or why it was not run. */
export type StepOutcome = { kind: 'ran'; got: ExactJson } | { kind: 'not-run'; reason: string };

export type CaseOutcome = {
  steps: StepOutcome[];
  /** Paths below the working directory. */
  filesCreated: string[];
  filesChanged: string[];
};

/** The first thing of a path that is not as expected. `undefined` = not there. */
export type Difference = {
  path: (string | number)[];
  expected: ExactJson | undefined;
  got: ExactJson | undefined;
};
