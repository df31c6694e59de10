import { supervisorPid } from '../engine/supervisor.ts';
import { embeddedServerStatus } from '../postgres/embedded/status.ts';
import { stopIfUnused } from '../postgres/embedded/stop.ts';

/**
 * Runs `work`, which may start the embedded server. One that was not there before is stopped afterwards, unless a background worker
 * is there, which stops it when it leaves, or a client is connected, or it is to be kept.
 */
export const leavingNoServer = async <T>(work: () => Promise<T>): Promise<T> => {
  const wasThere = ['running', 'starting'].includes(embeddedServerStatus().state);
  try {
    return await work();
  } finally {
    if (!wasThere && supervisorPid() === null) await stopIfUnused().catch(() => {});
  }
};
