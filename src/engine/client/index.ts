/** What screens and commands may ask of the engine. */
export { cancelRun } from '../cancel.ts';
export { changedFiles, codeOfRun } from '../code/changed-files.ts';
export { compareRuns } from '../code/compare-runs.ts';
export { ensureWorker, ensureWorkerForOpenRuns } from './ensure-worker.ts';
export { type FileRunRequest, prepareFileRun, startFileRun } from './file-run.ts';
export { follow, waitForRun } from './follow.ts';
export { listWorkers } from './list-workers.ts';
export { type EngineClient, openClient } from './open-client.ts';
export { planRun, type RunPlan } from './plan-run.ts';
export { retry } from './retry.ts';
export { runIsOver } from './run-is-over.ts';
export { type CodeOf, type PartialSelection, type RunRequest, startRun } from './start-run.ts';
export { type StoppedRun, stopRun } from './stop-run.ts';
