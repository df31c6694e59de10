import { existsSync } from 'node:fs';
import type pg from 'pg';
import type { Page, PageRequest, RelationReference, StoredOutput } from '../../model/output.ts';
import { tablePage } from '../../postgres/catalog.ts';
import { connectClient } from '../../postgres/connect.ts';
import { endSession } from '../../postgres/end-session.ts';
import { WandError } from '../../problem/wand-error.ts';
import { projectData } from '../project-data.ts';

/** Runs `work` on a connection to a project's data, by a profile of its io_config.yaml or by the default one; `signal` cancels what it is at. */
export const withDataClient = async <T>(
  projectPath: string,
  profile: string | undefined,
  work: (client: pg.Client, profile: string) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> => {
  const data = await projectData(projectPath);
  const chosen = profile ?? data.defaultProfile();
  const config = data.connection(chosen);
  const client = await connectClient(config, { applicationName: 'wand preview' });
  const cancel = (): void => void endSession(config, client);
  signal?.addEventListener('abort', cancel);
  try {
    signal?.throwIfAborted();
    return await work(client, chosen);
  } finally {
    signal?.removeEventListener('abort', cancel);
    await client.end().catch(() => {});
  }
};

/** Rows of a stored output: from its file, or from the table it refers to. */
export const readOutputPage = async (
  projectPath: string,
  output: StoredOutput,
  request: PageRequest,
  signal?: AbortSignal,
): Promise<Page> => {
  if (output.path === null && output.relation) return readTablePage(projectPath, output.relation, request, signal);
  if (output.path !== null && !existsSync(output.path)) throw outputGone(output.path);
  const { previewOutput } = await import('../../data/preview.ts');
  return previewOutput(output, request, signal);
};

const outputGone = (path: string): WandError =>
  new WandError('output-gone', `${path} is not there any more`, {
    fix: 'run the block again; `wand retention` says how long outputs are kept',
  });

/** Rows of a table of a project's data database. */
export const readTablePage = (
  projectPath: string,
  table: Omit<RelationReference, 'profile'> & { profile?: string },
  request: PageRequest,
  signal?: AbortSignal,
): Promise<Page> => withDataClient(projectPath, table.profile, (client) => tablePage(client, table, request), signal);

/** Names of the profiles of a project's io_config.yaml, the one that is used when none is named first. */
export const profileNames = async (projectPath: string): Promise<string[]> => {
  const data = await projectData(projectPath);
  const usual = data.defaultProfile();
  return [usual, ...data.profiles().filter((name) => name !== usual)];
};
