import { wandHome } from '../../home/paths.ts';
import { clusterMajor } from './cluster.ts';
import { isKept } from './marks.ts';
import { findPlace } from './place.ts';
import { findPostmaster } from './postmaster.ts';
import { readServerFile } from './server-file.ts';

/** What is known of the embedded server without connecting to it. */
export type EmbeddedStatus = {
  state: 'absent' | 'stopped' | 'starting' | 'running' | 'stopping';
  pid: number | null;
  port: number | null;
  socketFolder: string | null;
  dataFolder: string | null;
  /** Of the server programs; of the data if it never ran. */
  version: string | null;
  binFolder: string | null;
  /** Started with `wand db start --keep`. */
  kept: boolean;
};

/** Looks at files and processes only; fast, changes nothing. */
export const embeddedServerStatus = (home = wandHome()): EmbeddedStatus => {
  const place = findPlace(home);
  const major = place && clusterMajor(place.data);
  if (!place || major === null) return absent;
  const postmaster = findPostmaster(place.data);
  const file = readServerFile(place.folder);
  return {
    state: postmaster ? (postmaster.status === 'ready' ? 'running' : postmaster.status) : 'stopped',
    pid: postmaster?.pid ?? null,
    port: postmaster?.port ?? null,
    socketFolder: place.socketFolder,
    dataFolder: place.data,
    version: file?.version ?? String(major),
    binFolder: file?.binFolder ?? null,
    kept: isKept(home),
  };
};

const absent: EmbeddedStatus = {
  state: 'absent',
  pid: null,
  port: null,
  socketFolder: null,
  dataFolder: null,
  version: null,
  binFolder: null,
  kept: false,
};
