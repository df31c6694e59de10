import { hostname } from 'node:os';

/**
 * By what name workers, processes and outputs of this machine are known in the state database: `WAND_HOST`, else its host name. Machines whose
 * host names are alike, or containers that get a new one at each start, need a WAND_HOST of their own.
 */
export const hostIdentity = (): string => process.env.WAND_HOST || hostname();
