// What a machine of the fresh-clone test has left behind: processes, and files outside the places that wand may use.
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { clusterFolders } from './machine.mjs';

/** Where npm, pip, uv, vitest and wand keep things below HOME. */
const expectedInHome = [
  '.npm',
  '.cache/pip',
  '.cache/uv',
  '.cache/node-gyp',
  '.local/share/wand',
  '.local/share/uv',
  '.local/share/vitest',
];

/** Top level entries of shared folders, to compare with later. */
export const sharedEntries = () =>
  new Set(
    ['/tmp', '/var/tmp', '/dev/shm', '/var/lib/wand'].flatMap((folder) =>
      list(folder).map((name) => join(folder, name)),
    ),
  );

/** Lines that say what was left; `before` is `sharedEntries()` at the start. Ours by environment, command line, folder or owner. */
export const leftovers = (machine, before) => {
  const clusters = clusterFolders(wandHomes(machine));
  const ours = (path) => path.startsWith(machine.base) || clusters.includes(path);
  const uid = machine.account?.uid ?? 0;
  const shared = [...sharedEntries()].filter((path) => !before.has(path) && !ours(path) && mayBeOurs(path, uid));
  return [
    ...processesOf(machine, clusters).map(({ pid, command }) => `process ${pid}: ${command}`),
    ...list(machine.temp).map((name) => `file ${join(machine.temp, name)}`),
    ...unexpectedIn(machine.home).map((path) => `file ${path}`),
    ...list(machine.base)
      .filter((name) => !['home', 'temp', 'bin', 'bin-without-python', ...(machine.known ?? [])].includes(name))
      .filter((name) => join(machine.base, name) !== machine.clone)
      .map((name) => `file ${join(machine.base, name)}`),
    ...shared.map((path) => `file ${path}`),
  ];
};

/** Every WAND_HOME of this machine. */
export const wandHomes = ({ base, home }) => [
  join(home, '.local', 'share', 'wand'),
  ...list(base)
    .filter((name) => name.startsWith('wand-home'))
    .map((name) => join(base, name)),
];

/** Root's other programs make files there too: of root only what wand itself puts outside TMPDIR counts, of the user all. */
const mayBeOurs = (path, uid) => lstat(path)?.uid === uid && (uid !== 0 || path.startsWith(`/tmp/wand-${uid}-`));

export const processesOf = ({ base, mark, account }, clusters) =>
  list('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => ({ pid, command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() }))
    .filter(({ pid, command }) => {
      if (command === '' || read(`/proc/${pid}/stat`).replace(/.*\) /, '').startsWith('Z')) return false;
      const texts = [command, read(`/proc/${pid}/environ`), linkOf(`/proc/${pid}/cwd`)];
      return (
        texts.some((text) => text.includes(`WAND_FRESH_CLONE=${mark}\0`) || text.includes(base)) ||
        clusters.some((folder) => texts.some((text) => text.includes(folder))) ||
        (account !== null && lstat(`/proc/${pid}`)?.uid === account.uid)
      );
    });

const unexpectedIn = (home, folder = home) =>
  list(folder).flatMap((name) => {
    const path = relative(home, join(folder, name));
    if (expectedInHome.includes(path)) return [];
    if (expectedInHome.some((expected) => expected.startsWith(`${path}/`)))
      return unexpectedIn(home, join(folder, name));
    return [join(folder, name)];
  });

const list = (folder) => (existsSync(folder) ? readdirSync(folder) : []);
const attempt = (look, otherwise) => {
  try {
    return look();
  } catch {
    return otherwise;
  }
};
const read = (file) => attempt(() => readFileSync(file, 'utf8'), '');
const linkOf = (path) => attempt(() => readlinkSync(path), '');
const lstat = (path) => attempt(() => lstatSync(path), null);
