import type { ConnectionConfig } from '../model/connection-config.ts';
import type { Environment } from '../secrets/environment.ts';

/**
 * Adds to the origin of a config where its host was written, so that a message about a host out of reach names the variable and the file to
 * change: `profile dev of io_config.yaml, POSTGRES_HOST of projects/.env`.
 */
export const nameHostOrigin = (config: ConnectionConfig, environment: Environment): ConnectionConfig => {
  const file = environment.originOf('POSTGRES_HOST');
  if (file === null || environment.values.POSTGRES_HOST !== config.host) return config;
  const variable = file === 'shell' ? 'POSTGRES_HOST of the shell' : `POSTGRES_HOST of ${file}`;
  return { ...config, origin: config.origin ? `${config.origin}, ${variable}` : variable };
};
