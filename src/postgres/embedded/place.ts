import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePrivateFolder, writePrivateFile } from '../../home/private-file.ts';
import { WandError } from '../../problem/wand-error.ts';
import { type Account, serverAccount } from './account.ts';

/** Where the embedded cluster of one WAND_HOME lies. */
export type Place = {
  home: string;
  /** `$WAND_HOME/pg`: server.json, location, log, keep mark and lock. */
  folder: string;
  /** Holds data and socket: `folder` itself, or as root a folder below /var/lib/wand. */
  base: string;
  data: string;
  socketFolder: string;
  /** Whom the server runs as; null for the user of this process. */
  account: Account | null;
};

/** A socket's path must fit sockaddr_un (108 bytes on Linux, 104 on macOS), with `/.s.PGSQL.65535.lock` behind the folder. */
const longestSocketFolder = 100 - '/.s.PGSQL.65535'.length;

/** Where root's clusters go: the server's user may not look into /root (decisions.md 3). */
const rootBase = '/var/lib/wand';

type Location = { path: string; token: string; account: Account };

/** The place of a cluster, or null if none was ever made there. Changes nothing. Throws WandError `location-mismatch`, `home-unreadable`. */
export const findPlace = (home: string): Place | null => {
  const folder = join(home, 'pg');
  if (!isRoot()) return existsSync(folder) ? ordinaryPlace(home, folder) : null;
  const location = readLocation(folder);
  return location && placeOfRoot(home, folder, location);
};

/** The place of a cluster, with its folders made. Call it with the lock held. */
export const preparePlace = (home: string): Place => {
  const folder = makePrivateFolder(join(home, 'pg'));
  const place = isRoot()
    ? placeOfRoot(home, folder, readLocation(folder) ?? makeLocation(home, folder))
    : ordinaryPlace(home, folder);
  makeSocketFolder(place);
  return place;
};

/** Gives a path to the server's user. */
export const giveToServer = (place: Place, path: string): void => {
  if (place.account) chownSync(path, place.account.uid, place.account.gid);
};

const isRoot = (): boolean => process.getuid?.() === 0;

const ordinaryPlace = (home: string, folder: string): Place => ({
  home,
  folder,
  base: folder,
  data: join(folder, 'data'),
  socketFolder: shortSocketFolder(home, join(folder, 'socket')),
  account: null,
});

const placeOfRoot = (home: string, folder: string, { path, account }: Location): Place => ({
  home,
  folder,
  base: path,
  data: join(path, 'data'),
  socketFolder: join(path, 'socket'),
  account,
});

const shortSocketFolder = (home: string, wanted: string): string =>
  Buffer.byteLength(wanted) <= longestSocketFolder
    ? wanted
    : join(tmpdir().length > 40 ? '/tmp' : tmpdir(), `wand-${process.getuid?.() ?? 0}-${hashOf(home)}`);

/** 0700 and ours: somebody else may have put a folder of that name into /tmp first. */
const makeSocketFolder = (place: Place): void => {
  mkdirSync(place.socketFolder, { recursive: true, mode: 0o700 });
  const owner = place.account?.uid ?? process.getuid?.() ?? 0;
  const state = lstatSync(place.socketFolder);
  if (!state.isDirectory() || ![owner, process.getuid?.()].includes(state.uid)) {
    throw new WandError('socket-folder', `${place.socketFolder} exists and belongs to somebody else.`, {
      fix: 'Have it removed, or set WAND_HOME to a shorter path.',
      exitCode: 3,
    });
  }
  chmodSync(place.socketFolder, 0o700);
  giveToServer(place, place.socketFolder);
};

const readLocation = (folder: string): Location | null => {
  const file = join(folder, 'location');
  if (!existsSync(file)) return null;
  const location = JSON.parse(readFileSync(file, 'utf8')) as Location;
  const token = join(location.path, 'token');
  if (existsSync(token) && readFileSync(token, 'utf8') === location.token) return location;
  throw new WandError(
    'location-mismatch',
    `${file} says that the data of the embedded Postgres lies in ${location.path}, but ${existsSync(token) ? 'the cluster there belongs to another WAND_HOME' : 'nothing of ours is there'}.`,
    { fix: `Bring that folder back, or remove ${file} to begin with an empty cluster.`, exitCode: 3 },
  );
};

/** The first free one of HASH, HASH-2, ...: a folder left by a WAND_HOME that was removed since is never taken over. */
const makeLocation = (home: string, folder: string): Location => {
  mkdirSync(rootBase, { recursive: true, mode: 0o711 });
  for (let number = 1; ; number += 1) {
    const path = join(rootBase, number === 1 ? hashOf(home) : `${hashOf(home)}-${number}`);
    try {
      mkdirSync(path, { mode: 0o711 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw error;
    }
    // mkdir's mode passes the umask, which may have taken the passage of others away.
    chmodSync(rootBase, 0o711);
    chmodSync(path, 0o711);
    const location = { path, token: randomBytes(16).toString('hex'), account: serverAccount() };
    writePrivateFile(join(path, 'token'), location.token);
    // For the person who finds the folder and wonders whose it is.
    writePrivateFile(join(path, 'home'), `${home}\n`);
    writePrivateFile(join(folder, 'location'), JSON.stringify(location));
    return location;
  }
};

const hashOf = (home: string): string => createHash('sha256').update(home).digest('hex').slice(0, 12);
