import type { Pipeline } from '../../src/model/project.ts';
import type { Step } from './types.ts';

/** Features of Mage that the engine does not have yet. A step that needs one is reported so, and counts as failed. */
const features: [feature: string, needs: (step: Step, pipeline: Pipeline) => boolean][] = [
  ['backfills', (step) => step.backfill !== undefined],
  ['interactive runs', (step) => step.interactive !== undefined],
  ['retrying a run by hand', (step) => step.retry !== undefined],
  ['running a run again', (step) => step.rerun !== undefined],
  ['runs in a row', (step) => step.repeat !== undefined],
  ['schedules', ({ trigger }) => (trigger?.schedule_interval ?? '@once') !== '@once'],
  ['run_pipeline_in_one_process', (_, pipeline) => pipeline.runInOneProcess],
];

/** The first thing a step needs that is not there; null if it can be run. */
export const unsupportedFeature = (step: Step, pipeline: Pipeline): string | null =>
  features.find(([, needs]) => needs(step, pipeline))?.[0] ?? null;
