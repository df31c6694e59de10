import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type pg from 'pg';
import { statePath } from '../../home/paths.ts';
import { writePrivateFile } from '../../home/private-file.ts';
import { type CodeManifest, codeFiles, manifestOf, type StampedFiles } from '../../project/code-files.ts';

/** A project's text files at one moment. `hash` names them all, with the name of the project's folder. */
export type CodeSnapshot = { hash: string; folder: string; manifest: CodeManifest };

/** Null for a project that is not there or has too many files. Unchanged files are known by their stamps, kept in `$WAND_HOME/code`. */
export const snapshotOf = (projectPath: string): CodeSnapshot | null => {
  if (!existsSync(projectPath)) return null;
  const stampsFile = statePath('code', `stamps-${sha256(projectPath).slice(0, 16)}.json`);
  const known = readStamps(stampsFile);
  const takenAt = Date.now();
  const files = codeFiles(projectPath, known.files);
  if (!files) return null;
  const manifest = manifestOf(files);
  const folder = basename(projectPath);
  if (JSON.stringify(files) !== JSON.stringify(known.files)) writeStamps(stampsFile, files, takenAt);
  return { hash: sha256(JSON.stringify([folder, manifest])), folder, manifest };
};

/** A file written in the moment of the last look may have changed after it within the same stamp: it is read again. */
const settledMs = 1_000;

const readStamps = (file: string): { files: StampedFiles } => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { files: StampedFiles };
  } catch {
    return { files: {} };
  }
};

const writeStamps = (file: string, files: StampedFiles, takenAt: number): void => {
  const isSettled = ({ stamp }: { stamp: string }): boolean =>
    stamp === 'none' || Number(BigInt(stamp.split(' ')[3]!) / 1_000_000n) < takenAt - settledMs;
  const settled = Object.fromEntries(Object.entries(files).filter(([, entry]) => isSettled(entry)));
  writePrivateFile(file, JSON.stringify({ files: settled }));
};

/** How often a project may be written to while it is submitted. */
const mostTries = 5;

/**
 * Stores the code of a project as it is now: contents that no snapshot has brought yet, then the manifest. Answers its hash; null if nothing is
 * kept (no such folder, too many files, or files that never stand still): blocks then take their code from the project's folder.
 */
export const keepCode = async (pool: pg.Pool, projectPath: string): Promise<string | null> => {
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const snapshot = snapshotOf(projectPath);
    if (!snapshot) return null;
    const { hash, folder, manifest } = snapshot;
    if (await isKept(pool, hash)) return hash;
    if (!(await keepContents(pool, projectPath, manifest))) continue;
    await pool.query('insert into wand.code (hash, folder, manifest) values ($1, $2, $3) on conflict do nothing', [
      hash,
      folder,
      JSON.stringify(manifest),
    ]);
    return hash;
  }
  return null;
};

/** Written to once a day only: a commit costs more than all the rest here. */
const isKept = async (pool: pg.Pool, hash: string): Promise<boolean> => {
  const { rows } = await pool.query<{ old: boolean }>(
    `select used_at < clock_timestamp() - interval '1 day' as old from wand.code where hash = $1`,
    [hash],
  );
  if (!rows[0]?.old) return rows.length > 0;
  const used = await pool.query('update wand.code set used_at = clock_timestamp() where hash = $1', [hash]);
  return used.rowCount === 1;
};

/** False if a file has changed since it was looked at. */
const keepContents = async (pool: pg.Pool, projectPath: string, manifest: CodeManifest): Promise<boolean> => {
  // Old contents that nothing names are swept away (`pruneCode`): these are needed again.
  const wanted = [...new Set(Object.values(manifest))];
  await pool.query(
    `update wand.code_file set stored_at = clock_timestamp() where sha256 = any($1) and stored_at < clock_timestamp() - interval '1 day'`,
    [wanted],
  );
  const { rows } = await pool.query<{ sha256: string }>(
    'select w.sha256 from unnest($1::text[]) as w(sha256) where not exists (select from wand.code_file f where f.sha256 = w.sha256)',
    [wanted],
  );
  const missing = new Set(rows.map((row) => row.sha256));
  const contents = Object.entries(manifest)
    .filter(([, hash]) => missing.delete(hash))
    .map(([path, hash]) => ({ hash, content: contentOf(join(projectPath, path)) }));
  if (contents.some(({ hash, content }) => content === null || sha256(content) !== hash)) return false;
  for (let at = 0; at < contents.length; at += filesAtOnce) {
    const some = contents.slice(at, at + filesAtOnce);
    await pool.query(
      'insert into wand.code_file (sha256, content) select * from unnest($1::text[], $2::bytea[]) on conflict do nothing',
      [some.map(({ hash }) => hash), some.map(({ content }) => content)],
    );
  }
  return true;
};

/** In one statement and commit: one for each of 21 files took 70 ms. */
const filesAtOnce = 50;

const contentOf = (path: string): Buffer | null => {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
};

const sha256 = (value: string | Uint8Array): string => createHash('sha256').update(value).digest('hex');
