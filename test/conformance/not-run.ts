import type { Step } from './types.ts';

/** Features of Mage that are parts of their own, still to be built: a step that is about one is named so, and not run. */
const features: [feature: string, needs: (step: Step) => boolean][] = [
  ['backfills', (step) => step.backfill !== undefined],
  ['charts', (step) => step.interactive !== undefined],
  ['schedules', ({ trigger }) => (trigger?.schedule_interval ?? '@once') !== '@once'],
];

/** The first part that a step needs and that is still to come; null if it can be run. */
export const laterPart = (step: Step): string | null => features.find(([, needs]) => needs(step))?.[0] ?? null;
