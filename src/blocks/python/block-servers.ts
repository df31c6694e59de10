import { createHash } from 'node:crypto';
import { delimiter, isAbsolute } from 'node:path';
import { messageOf } from '../../problem/wand-error.ts';
import { type BlockServer, startBlockServer } from './block-server.ts';

export type ServerFor = {
  /** Absolute path of the interpreter. */
  command: string;
  /** Of the block, completed by what Python needs. */
  environment: Record<string, string>;
  workingDirectory: string;
};

type Entry = { server: Promise<BlockServer>; started: BlockServer | null; usedAt: number; idle: NodeJS.Timeout };

const idleMs = 60_000;
/** A server has about 100 MB; with more kinds of environments than this the one unused for longest goes. */
const mostServers = 3;

const servers = new Map<string, Entry>();

/** Forking from a threaded process of system libraries crashes on macOS, so servers are for Linux. */
export const serversWork = (): boolean => process.platform === 'linux' && process.env.WAND_BLOCK_SERVER !== 'off';

/** The server of this interpreter and environment, started if there is none; null if all places are taken by servers at work. */
export const blockServer = (wanted: ServerFor): Promise<BlockServer> | null => {
  const key = keyOf(wanted);
  const known = servers.get(key);
  if (known && known.started?.alive() !== false) {
    known.usedAt = Date.now();
    known.idle.refresh();
    return known.server;
  }
  if (known) forget(key, known);
  if (servers.size >= mostServers && !makeRoom()) return null;
  const entry: Entry = {
    server: startBlockServer(wanted),
    started: null,
    usedAt: Date.now(),
    idle: setInterval(() => leaveIfIdle(key, entry), idleMs).unref(),
  };
  servers.set(key, entry);
  entry.server.then(
    (server) => {
      entry.started = server;
    },
    () => forget(key, entry),
  );
  return entry.server;
};

/** Processes of the servers that live, for benches and tests. */
export const serverPids = (): number[] =>
  [...servers.values()].flatMap(({ started }) => (started?.alive() ? [started.pid] : []));

/** Sends all servers away, with the blocks they run. */
export const stopBlockServers = (): void => {
  for (const [key, entry] of servers) forget(key, entry);
};

const leaveIfIdle = (key: string, entry: Entry) => {
  if ((entry.started?.busy() ?? 1) === 0 || entry.started?.alive() === false) forget(key, entry);
};

const makeRoom = (): boolean => {
  const unused = [...servers].filter(([, { started }]) => started && (started.busy() === 0 || !started.alive()));
  const oldest = unused.toSorted(([, a], [, b]) => a.usedAt - b.usedAt)[0];
  if (oldest) forget(...oldest);
  return oldest !== undefined;
};

const forget = (key: string, entry: Entry) => {
  clearInterval(entry.idle);
  if (servers.get(key) === entry) servers.delete(key);
  entry.server.then(
    (server) => server.stop(),
    () => undefined,
  );
};

/** Read by the interpreter, the loader or a library when it is imported: a fork would come too late for these. */
const beforeImports =
  /^(PYTHON|LD_|DYLD_|MALLOC_|GLIBC_|OMP_|GOMP_|KMP_|OPENBLAS_|MKL_|BLIS_|NUMEXPR_|VECLIB_|ARROW_|NUMPY_|NPY_|PANDAS_|SSL_|OPENSSL_|LC_)|^(LANG|LANGUAGE|HOME|WAND_HOME|TZDIR|VIRTUAL_ENV)$/;

const keyOf = ({ command, environment, workingDirectory }: ServerFor): string => {
  const names = Object.keys(environment).filter((name) => beforeImports.test(name));
  const relative = (environment.PYTHONPATH ?? '').split(delimiter).some((path) => path !== '' && !isAbsolute(path));
  const facts = [
    command,
    names.toSorted().map((name) => [name, environment[name]]),
    relative ? workingDirectory : null,
  ];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
};

/** One line about a server that is no help. */
export const noServer = (problem: unknown): string =>
  `Python blocks start one by one, without a server: ${typeof problem === 'string' ? problem : messageOf(problem)}`;
