import type { Step } from './types.ts';

/** Steps that are more than a run of a pipeline, and why they are not run here. */
const reasons: [reason: string, is: (step: Step) => boolean][] = [
  ['backfills are not built yet', (step) => step.backfill !== undefined],
  ['charts are judged by test/conformance/charts.test.ts', (step) => step.interactive !== undefined],
  ['schedules are not built yet', ({ trigger }) => (trigger?.schedule_interval ?? '@once') !== '@once'],
];

/** Why a step is not run; null if it is. */
export const whyNotRun = (step: Step): string | null => reasons.find(([, is]) => is(step))?.[0] ?? null;
