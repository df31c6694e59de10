import { existsSync } from 'node:fs';
import type pg from 'pg';
import type { ConnectionConfig } from '../../model/connection-config.ts';
import type { Page, PageRequest, RelationReference, StoredOutput } from '../../model/output.ts';
import { tablePage } from '../../postgres/catalog.ts';
import { connectClient } from '../../postgres/connect.ts';
import { endSession } from '../../postgres/end-session.ts';
import { WandError } from '../../problem/wand-error.ts';
import { projectData } from '../project-data.ts';

type OpenData = { client: pg.Client; config: ConnectionConfig; profile: string };

const openData = async (projectPath: string, profile: string | undefined, pipelined: boolean): Promise<OpenData> => {
  const data = await projectData(projectPath);
  const chosen = profile ?? data.defaultProfile();
  const config = data.connection(chosen);
  return {
    client: await connectClient(config, { applicationName: 'wand preview', pipelined }),
    config,
    profile: chosen,
  };
};

/** A connection that is not asked for so soon is closed. Milliseconds. */
const aheadFor = 3_000;
const ahead = new Map<string, { opened: Promise<OpenData>; timer: NodeJS.Timeout }>();
const aheadKey = (projectPath: string, profile: string | undefined): string => JSON.stringify([projectPath, profile]);

/** Begins to connect for a page of a table that will be asked for in a moment: the handshake takes as long as what the first frame does meanwhile. */
export const connectAhead = (projectPath: string, profile: string): void => {
  if (ahead.has(aheadKey(projectPath, profile))) return;
  const opened = openData(projectPath, profile, true);
  // Whoever asks for the page hears what is wrong.
  opened.catch(() => {});
  const timer = setTimeout(() => {
    void takeAhead(projectPath, profile)
      ?.then(({ client }) => client.end())
      .catch(() => {});
  }, aheadFor);
  timer.unref();
  ahead.set(aheadKey(projectPath, profile), { opened, timer });
};

const takeAhead = (projectPath: string, profile: string | undefined): Promise<OpenData> | undefined => {
  const key = aheadKey(projectPath, profile);
  const found = ahead.get(key);
  ahead.delete(key);
  clearTimeout(found?.timer);
  return found?.opened;
};

/** Runs `work` on a connection to a project's data, by a profile of its io_config.yaml or by the default one; `signal` cancels what it is at. */
export const withDataClient = async <T>(
  projectPath: string,
  profile: string | undefined,
  work: (client: pg.Client, profile: string) => Promise<T>,
  signal?: AbortSignal,
  { pipelined = false } = {},
): Promise<T> => {
  const {
    client,
    config,
    profile: chosen,
  } = await ((pipelined && takeAhead(projectPath, profile)) || openData(projectPath, profile, pipelined));
  const cancel = (): void => void endSession(config, client);
  signal?.addEventListener('abort', cancel);
  try {
    signal?.throwIfAborted();
    return await work(client, chosen);
  } finally {
    signal?.removeEventListener('abort', cancel);
    // Nobody waits for the server to say good-bye.
    client.end().catch(() => {});
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
): Promise<Page> =>
  withDataClient(projectPath, table.profile, (client) => tablePage(client, table, request), signal, {
    pipelined: true,
  });

/** Names of the profiles of a project's io_config.yaml, the one that is used when none is named first. */
export const profileNames = async (projectPath: string): Promise<string[]> => {
  const data = await projectData(projectPath);
  const usual = data.defaultProfile();
  return [usual, ...data.profiles().filter((name) => name !== usual)];
};
