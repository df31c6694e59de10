import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { messageOf, WandError } from '../../problem/wand-error.ts';
import { download, isUrl } from './download.ts';
import { say } from './events.ts';
import type { Workshop } from './execute-task.ts';
import { workFile } from './work-folder.ts';

/** A local, readable file for a path or URL; throws WandError for what is none. Paths are seen from the working directory. */
export const localFile = async (workshop: Workshop, location: string): Promise<string> => {
  if (isUrl(location))
    return shownAs(workshop, await download(location, workFile(workshop.workFolder, 'download')), location);
  const path = resolve(process.cwd(), location);
  await requireFile(path, location);
  return shownAs(workshop, path, location);
};

/**
 * The same, unpacked if it is gzip (by its first bytes). DuckDB reads .gz itself, but takes a truncated file for a short one,
 * and on one thread with a second one spinning: 1.5 s and 2.7 s of CPU for the month, against 0.35 + 0.6 s this way.
 */
export const plainFile = async (workshop: Workshop, location: string): Promise<string> => {
  const path = await localFile(workshop, location);
  if (!(await isGzip(path))) return path;
  const plain = workFile(workshop.workFolder, 'csv');
  await unpack(path, plain, location);
  return shownAs(workshop, plain, location);
};

/** Messages name the file as the user knows it, not our copy of it. */
const shownAs = (workshop: Workshop, path: string, location: string): string => {
  workshop.shownFiles.set(path, location);
  return path;
};

const requireFile = async (path: string, location: string): Promise<void> => {
  const found = await stat(path).catch((problem: NodeJS.ErrnoException) => problem);
  const where = path === location ? '' : ` (${path})`;
  if (found instanceof Error) {
    if (found.code !== 'ENOENT' && found.code !== 'ENOTDIR') {
      throw new WandError('file-unreadable', `${location}${where} cannot be read: ${found.message}`, {
        fix: 'check its permissions',
      });
    }
    throw new WandError('file-missing', `${location} does not exist${where}`, {
      fix: `give an absolute path, or one below ${process.cwd()}`,
    });
  }
  if (found.isDirectory()) {
    throw new WandError('file-is-folder', `${location} is a folder, not a file${where}`, { fix: 'name a file in it' });
  }
};

const isGzip = async (path: string): Promise<boolean> => {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
};

const unpack = async (path: string, plain: string, location: string): Promise<void> => {
  const started = performance.now();
  try {
    await pipeline(
      createReadStream(path, { highWaterMark: 256 * 1024 }),
      createGunzip({ chunkSize: 256 * 1024 }),
      createWriteStream(plain, { highWaterMark: 1024 * 1024 }),
    );
  } catch (problem) {
    throw gzipProblem(problem, location);
  }
  const { size } = await stat(plain);
  say(`unpacked ${location}: ${(size / 1e6).toFixed(1)} MB, ${Math.round(performance.now() - started)} ms`);
};

const gzipProblem = (problem: unknown, location: string): unknown => {
  const code = (problem as NodeJS.ErrnoException).code ?? '';
  if (!code.startsWith('Z_')) return problem;
  const what = code === 'Z_BUF_ERROR' ? 'ends in the middle: it is truncated' : `is damaged (${messageOf(problem)})`;
  return new WandError('broken-gzip', `${location} ${what}`, {
    file: location,
    fix: 'download or copy it again',
    cause: problem,
  });
};
