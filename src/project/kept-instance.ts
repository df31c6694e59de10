import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { fileStamp } from '../home/file-stamp.ts';
import { statePath } from '../home/paths.ts';
import { writePrivateFile } from '../home/private-file.ts';
import type { Instance, Project } from '../model/project.ts';
import { isFolder, subfolderNames } from './folders.ts';

/**
 * What the last reading of an instance made of its files, kept in `$WAND_HOME/run/projects` (0600), for a first frame that does not wait for
 * YAML: 100 blocks took 12 ms. It holds only while every file and folder that was read has the stamp it had, and for the same program.
 * What a project takes from the shell's variables is not among them: whoever shows it reads the files afterwards.
 */
type Kept = { program: string; path: string; stamps: [path: string, stamp: string][]; instance: Instance };

/** A file that was written so shortly before it was read may have been written again under the same stamp. Milliseconds. */
const unsettledMs = 2_000;
const mostBytes = 20_000_000;

/** Null if there is none, or if anything has changed since. Never throws. */
export const keptInstance = (path: string): Instance | null => {
  const kept = readKept(path);
  return kept?.stamps.every(([file, stamp]) => fileStamp(file) === stamp) ? kept.instance : null;
};

/** Keeps what was just read for the next start. Never throws: a full disk is no obstacle. */
export const keepInstance = (instance: Instance, now = Date.now()): void => {
  try {
    const stamps = sourcesOf(instance).map((file): [string, string] => [file, fileStamp(file)]);
    if (stamps.some(([, stamp]) => isYoung(stamp, now))) return;
    const kept: Kept = { program: thisProgram(), path: instance.path, stamps, instance };
    const text = JSON.stringify(kept);
    // What JSON cannot say, such as numbers beyond its reach, is read from the files each time.
    if (text.length > mostBytes || !isDeepStrictEqual(JSON.parse(text), kept)) return;
    if (readText(fileOf(instance.path)) !== text) writePrivateFile(fileOf(instance.path), text);
  } catch {
    // The next start reads the files.
  }
};

/** All that the reading depends on: the files, and the folders in which one may appear or go. */
const sourcesOf = (instance: Instance): string[] => [
  ...new Set([
    instance.path,
    join(instance.path, 'settings.yaml'),
    join(instance.path, '.env'),
    ...foldersIn(instance.path),
    ...instance.projects.flatMap(projectSources),
  ]),
];

const projectSources = ({ path, pipelines }: Project): string[] => {
  const folder = join(path, 'pipelines');
  return [
    path,
    join(path, 'metadata.yaml'),
    join(path, '.env'),
    join(dirname(path), '.env'),
    folder,
    ...foldersIn(folder),
    ...pipelines.flatMap(({ file, blocks, callbacks, conditionals, charts }) => [
      file,
      ...[...blocks, ...callbacks, ...conditionals, ...charts].flatMap((block) =>
        [block.file, block.legacyCallback?.file].flatMap((source) => (source ? [dirname(source)] : [])),
      ),
    ]),
  ];
};

const foldersIn = (folder: string): string[] =>
  isFolder(folder) ? subfolderNames(folder).map((name) => join(folder, name)) : [];

const isYoung = (stamp: string, now: number): boolean =>
  stamp
    .split(' ')
    .slice(2)
    .some((nanoseconds) => Number(nanoseconds) / 1e6 > now - unsettledMs);

const readKept = (path: string): Kept | null => {
  try {
    const kept = JSON.parse(readText(fileOf(path)) ?? 'null') as Kept | null;
    const isOurs = kept?.program === thisProgram() && kept.path === path && Array.isArray(kept.stamps);
    return isOurs && Array.isArray(kept.instance?.projects) ? kept : null;
  } catch {
    return null;
  }
};

const readText = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
};

/** Another build may read files otherwise. */
const thisProgram = (): string => `1 ${fileStamp(fileURLToPath(import.meta.url))}`;

const fileOf = (path: string): string =>
  statePath('run', 'projects', `${createHash('sha256').update(path).digest('hex').slice(0, 16)}.json`);
