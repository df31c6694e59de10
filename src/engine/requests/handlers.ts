import { WandError } from '../../problem/wand-error.ts';
import type { Claim } from '../claim.ts';
import { startRun } from '../client/start-run.ts';
import { projectOfClaim } from '../code/project-then.ts';
import { productRun } from '../data-product.ts';
import { untilThere } from '../database-away.ts';
import type { ExecutionPorts } from '../execute-claim.ts';
import type { RequestHandlers } from './block-requests.ts';
import { runOutputs } from './run-outputs.ts';
import { otherRun, runInWindow } from './run-status.ts';
import { deleteVariable, pipelineVariables, setVariable } from './stored-variables.ts';

/** What a Python block may ask while it runs: about runs of its project, to start one, and for variables and outputs. */
export const requestHandlers = (claim: Claim, ports: ExecutionPorts): RequestHandlers => {
  const { store, queue, onWaiting } = ports;
  const stopped = (): boolean => ports.signal.aborted;
  return {
    waiting: async ({ on }) => onWaiting?.(on === true),
    // A sensor that looks for hours does not fail because the database was away for a moment.
    run_in_window: (params) => untilThere(() => runInWindow(store, claim, params), stopped),
    run: ({ run }) => untilThere(() => otherRun(store, claim, String(run)), stopped),
    start_run: async ({ pipeline, variables, name }) => {
      if (!queue) throw new WandError('no-queue', 'runs cannot be started from here');
      const { project, standIn } = projectOfClaim(claim);
      const found = project.pipelines.find(({ uuid }) => uuid === pipeline);
      if (!found) {
        throw new WandError('pipeline-not-found', `${project.uuid} has no pipeline ${String(pipeline)}`, {
          fix: `its pipelines: ${project.pipelines.map(({ uuid }) => uuid).join(', ')}`,
        });
      }
      const id = await startRun(
        { store, queue: async () => queue, close: async () => {} },
        {
          project,
          pipeline: found,
          trigger: typeof name === 'string' ? name : 'API_TRIGGER_CREATED_FROM_CODE',
          variables: (variables ?? {}) as Record<string, unknown>,
          settings: { api: true },
          standIn,
          // A foreground run is its worker's: it does what the run starts, too.
          owner: claim.owner ?? undefined,
        },
      );
      return otherRun(store, claim, id);
    },
    data_product: async ({ product }) => otherRun(store, claim, await productRun(claim, ports, String(product))),
    variables: ({ pipeline }) => pipelineVariables(store, claim, String(pipeline)),
    set_variable: ({ pipeline, name, value }) => setVariable(store, claim, { pipeline, name, value }),
    delete_variable: ({ pipeline, name }) => deleteVariable(store, claim, { pipeline, name }),
    outputs: (params) => runOutputs(store, claim, params),
  };
};
