import { createHash } from 'node:crypto';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import type pg from 'pg';
import { messageOf } from '../../problem/wand-error.ts';
import { channels, notify } from '../../store/channels.ts';
import type { Store } from '../../store/open-store.ts';
import { inTransaction } from '../../store/transaction.ts';
import { outputsRoot } from './place.ts';

/** Bytes of a piece: large enough to be few, small enough for memory to stay flat. */
const pieceSize = 4 * 1024 * 1024;

const busy = new WeakSet<Store>();

/** Stores the files that workers of other hosts have asked this host for. */
export const serveOutputs = async (store: Store, host: string): Promise<void> => {
  if (busy.has(store)) return;
  busy.add(store);
  try {
    for (let path = await nextRequest(store, host); path !== null; path = await nextRequest(store, host)) {
      await serve(store, host, path);
    }
  } finally {
    busy.delete(store);
  }
};

const nextRequest = async (store: Store, host: string): Promise<string | null> => {
  const { rows } = await store.pool.query<{ path: string }>(
    'select path from wand.output_request where host = $1 order by requested_at limit 1',
    [host],
  );
  return rows[0]?.path ?? null;
};

const serve = (store: Store, host: string, path: string): Promise<void> =>
  inTransaction(store.pool, async (client) => {
    const { rowCount } = await client.query('delete from wand.output_request where host = $1 and path = $2', [
      host,
      path,
    ]);
    // Another worker of this host was faster.
    if (rowCount === 0) return;
    await client.query('delete from wand.output_file where host = $1 and path = $2', [host, path]);
    await client.query('insert into wand.output_file (host, path) values ($1, $2)', [host, path]);
    const outcome = await storeFile(client, host, path, outputsRoot(await store.stateId())).catch((error) => {
      // An error of the database undoes all of it; then it is tried again.
      if ((error as { severity?: string }).severity !== undefined) throw error;
      return { error: messageOf(error) };
    });
    const { bytes, sha256, error } = { bytes: null, sha256: null, error: null, ...outcome };
    await client.query(
      'update wand.output_file set bytes = $3, sha256 = $4, error = $5 where host = $1 and path = $2',
      [host, path, bytes, sha256, error],
    );
    await notify(client, channels.output, `there ${host}`);
  });

const storeFile = async (
  client: pg.ClientBase,
  host: string,
  path: string,
  root: string,
): Promise<{ bytes: number; sha256: string }> => {
  // Whoever can write to the state database must not be able to read any file of this host.
  const { rowCount } = await client.query('select from wand.output where host = $1 and path = $2 limit 1', [
    host,
    path,
  ]);
  const inside = (await realpath(path)).startsWith(`${await realpath(root)}${sep}`);
  if (rowCount === 0 || !inside) throw new Error('it is no output of this host');
  const file = await open(path, 'r');
  try {
    return await storePieces(client, file, host, path);
  } finally {
    await file.close();
  }
};

const storePieces = async (client: pg.ClientBase, file: FileHandle, host: string, path: string) => {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(pieceSize);
  let bytes = 0;
  for (let number = 0; ; number += 1) {
    const { bytesRead } = await file.read(piece, 0, pieceSize, bytes);
    if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') };
    const data = piece.subarray(0, bytesRead);
    hash.update(data);
    bytes += bytesRead;
    await client.query('insert into wand.output_chunk (host, path, number, data) values ($1, $2, $3, $4)', [
      host,
      path,
      number,
      data,
    ]);
  }
};
