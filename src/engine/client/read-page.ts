import type pg from 'pg';
import type { ConnectionConfig } from '../../model/connection-config.ts';
import type { Page, PageRequest, RelationReference, StoredOutput } from '../../model/output.ts';
import { tablePage } from '../../postgres/catalog.ts';
import { connectClient } from '../../postgres/connect.ts';
import { readIoConfig } from '../../project/io-config.ts';
import { postgresConfig } from '../../project/postgres-profile.ts';
import { executionEnvironment } from '../execution-environment.ts';

/** Where the data of a project is, by a profile of its io_config.yaml. */
export const dataConnection = async (projectPath: string, profile: string): Promise<ConnectionConfig> => {
  const environment = await executionEnvironment(projectPath);
  return postgresConfig(readIoConfig(projectPath, environment), profile);
};

/** Runs `work` on a connection to a project's data. */
export const withDataClient = async <T>(
  projectPath: string,
  profile: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> => {
  const client = await connectClient(await dataConnection(projectPath, profile), { applicationName: 'wand preview' });
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
};

/** Rows of a stored output: from its file, or from the table it refers to. */
export const readOutputPage = async (
  projectPath: string,
  output: StoredOutput,
  request: PageRequest,
): Promise<Page> => {
  if (output.path === null && output.relation) return readTablePage(projectPath, output.relation, request);
  const { previewOutput } = await import('../../data/preview.ts');
  return previewOutput(output, request);
};

/** Rows of a table of a project's data database. */
export const readTablePage = (projectPath: string, table: RelationReference, request: PageRequest): Promise<Page> =>
  withDataClient(projectPath, table.profile, (client) => tablePage(client, table, request));
