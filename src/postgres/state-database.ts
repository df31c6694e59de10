import type { ConnectionConfig } from '../model/connection-config.ts';
import { parseDatabaseUrl } from './database-url.ts';
import { embeddedConfig } from './embedded/database.ts';
import { provideDatabase } from './embedded/provide.ts';

/** Where wand keeps its state: WAND_DATABASE_URL, else the database `wand` of the embedded server, started and made if need be. */
export const stateDatabase = async (environment: NodeJS.ProcessEnv = process.env): Promise<ConnectionConfig> => {
  if (environment.WAND_DATABASE_URL) return parseDatabaseUrl(environment.WAND_DATABASE_URL, 'WAND_DATABASE_URL');
  return embeddedConfig(await provideDatabase('wand'), 'wand');
};
