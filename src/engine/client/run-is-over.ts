import type { Run } from '../../model/run.ts';
import { owedCallbacks } from '../callbacks.ts';
import type { EngineClient } from './open-client.ts';

/** Whether nothing of a run is to come: it has ended, and the callbacks that its blocks are owed have been called. */
export const runIsOver = async (client: EngineClient, { id, status }: Pick<Run, 'id' | 'status'>): Promise<boolean> =>
  status !== 'initial' && status !== 'running' && (await owedCallbacks(client.store, id)) === 0;
