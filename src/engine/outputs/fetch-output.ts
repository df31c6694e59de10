import { createHash, randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Client } from 'pg';
import { statePath } from '../../home/paths.ts';
import { makePrivateFolder } from '../../home/private-file.ts';
import type { StoredOutput } from '../../model/output.ts';
import { connectClient } from '../../postgres/connect.ts';
import { WandError } from '../../problem/wand-error.ts';
import { channels, notify } from '../../store/channels.ts';
import type { Store } from '../../store/open-store.ts';
import { hostIdentity } from '../host-identity.ts';
import { workerIsAlive } from '../liveness.ts';
import { hungAfterOf } from '../sweep.ts';
import { isShared } from './place.ts';

/**
 * An output as a file of this host: as it is if it lies here or in the shared folder; else its file is asked of a worker of the host that has it,
 * sent through Postgres, checked against its checksum and kept for the next block that reads it. Throws `output-elsewhere`.
 */
export const localOutput = async <Output extends StoredOutput & { host?: string }>(
  store: Store,
  output: Output,
  signal?: AbortSignal,
): Promise<Output> => {
  const { path, host } = output;
  if (path === null || host === undefined || host === hostIdentity() || isShared(path)) return output;
  const copy = copyPath(host, path);
  if (!existsSync(copy)) await fetchFile(store, { host, path, copy, name: output.name }, signal);
  return { ...output, path: copy };
};

/** The folder of copies, for retention. */
export const copiesFolder = (): string => statePath('outputs', 'of-other-hosts');

const copyPath = (host: string, path: string): string => {
  const name = createHash('sha256')
    .update(JSON.stringify([host, path]))
    .digest('hex')
    .slice(0, 40);
  return join(copiesFolder(), `${name}${extname(path).replaceAll(/[^.\w]/g, '')}`);
};

type Wanted = { host: string; path: string; copy: string; name: string };

const fetchFile = async (store: Store, wanted: Wanted, signal?: AbortSignal): Promise<void> => {
  const client = await connectClient(store.config, { applicationName: 'wand' });
  try {
    const there = await waitForFile(client, wanted, signal);
    if (there.error !== null) throw elsewhere(wanted, `it could not be read there: ${there.error}`);
    await writeCopy(client, wanted, there.sha256!);
  } finally {
    await client.end().catch(() => {});
  }
};

type File = { sha256: string | null; error: string | null };

const waitForFile = async (client: Client, wanted: Wanted, signal?: AbortSignal): Promise<File> => {
  const { host, path } = wanted;
  await client.query(`listen ${channels.output}`);
  // The other host may be without a worker for as long as one may hang there: its supervisor starts it again.
  const patience = hungAfterOf(process.env);
  let alone = performance.now();
  for (let asked = false; ; ) {
    const { rows } = await client.query<File>(
      'select sha256, error from wand.output_file where host = $1 and path = $2 and (sha256 is not null or error is not null)',
      [host, path],
    );
    // An error from before we asked may be over.
    if (rows[0] && (asked || rows[0].error === null)) return rows[0];
    if (signal?.aborted) throw elsewhere(wanted, 'the block was stopped while it waited for it');
    await client.query(
      `with asked as (insert into wand.output_request (host, path) values ($1, $2) on conflict do nothing returning 1)
       delete from wand.output_file where host = $1 and path = $2 and error is not null and exists (select from asked)`,
      [host, path],
    );
    asked = true;
    await notify(client, channels.output, `want ${host}`);
    const there = await client.query(`select from wand.worker w where w.host = $1 and ${workerIsAlive}`, [host]);
    if (there.rowCount! > 0) alone = performance.now();
    else if (performance.now() - alone > patience) {
      await client.query('delete from wand.output_request where host = $1 and path = $2', [host, path]);
      throw elsewhere(wanted, 'and no worker of that host is alive to send it');
    }
    await word(client, `there ${host}`);
  }
};

/** Resolves at a notification with this payload, and after a second in any case. */
const word = (client: Client, payload: string): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      client.off('notification', hear);
      resolve();
    };
    const hear = (message: { payload?: string }): void => {
      if (message.payload === payload) end();
    };
    const timer = setTimeout(end, 1_000);
    client.on('notification', hear);
  });

const writeCopy = async (client: Client, wanted: Wanted, sha256: string): Promise<void> => {
  makePrivateFolder(copiesFolder());
  const draft = `${wanted.copy}.${randomBytes(4).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  const hash = createHash('sha256');
  try {
    for (let number = 0; ; number += 1) {
      const { rows } = await client.query<{ data: Buffer }>(
        'select data from wand.output_chunk where host = $1 and path = $2 and number = $3',
        [wanted.host, wanted.path, number],
      );
      if (!rows[0]) break;
      hash.update(rows[0].data);
      await file.write(rows[0].data);
    }
    if (hash.digest('hex') !== sha256) throw elsewhere(wanted, 'what arrived of it is not what was sent');
    await rename(draft, wanted.copy);
  } finally {
    await file.close();
    rmSync(draft, { force: true });
  }
};

const elsewhere = ({ host, path, name }: Wanted, why: string): WandError =>
  new WandError('output-elsewhere', `${name} lies on ${host} (${path}), ${why}`, {
    exitCode: 1,
    fix: `start a worker there (wand worker), or let all hosts keep outputs in one folder (WAND_SHARED)`,
  });
