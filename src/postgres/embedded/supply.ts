import { provideDatabase } from './provide.ts';

/**
 * With `POSTGRES_HOST=embedded` answers the values with host, port, user and password of the embedded server, and makes the database
 * POSTGRES_DBNAME (`postgres` if unset); else answers the values as they are (decisions.md 9).
 */
export const supplyEmbedded = async (values: Record<string, string>): Promise<Record<string, string>> => {
  if (values.POSTGRES_HOST?.trim().toLowerCase() !== 'embedded') return values;
  const database = values.POSTGRES_DBNAME || 'postgres';
  const server = await provideDatabase(database);
  return {
    ...values,
    POSTGRES_HOST: '127.0.0.1',
    POSTGRES_PORT: String(server.port),
    POSTGRES_USER: server.user,
    POSTGRES_PASSWORD: server.password,
    POSTGRES_DBNAME: database,
  };
};
