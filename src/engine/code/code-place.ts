import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type pg from 'pg';
import { statePath } from '../../home/paths.ts';
import { makePrivateFolder } from '../../home/private-file.ts';
import { WandError } from '../../problem/wand-error.ts';
import type { CodeManifest } from '../../project/code-files.ts';
import type { Store } from '../../store/open-store.ts';

const places = new Map<string, Promise<string>>();

/**
 * Folder of a project as a run's snapshot has it, below `$WAND_HOME/code/<hash>`; written from the state database when it is not there yet,
 * so on any host. Throws `no-code-kept`.
 */
export const codePlace = (store: Store, hash: string): Promise<string> => {
  const known = places.get(hash);
  // It may have been swept away since.
  if (known && existsSync(statePath('code', hash))) return known;
  const place = writeCode(store, hash);
  places.set(hash, place);
  place.catch(() => places.delete(hash));
  return place;
};

const writeCode = async (store: Store, hash: string): Promise<string> => {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw noCode(hash);
  const home = statePath('code', hash);
  const code = await readCode(store.pool, hash);
  const folder = join(home, safe(code.folder));
  if (existsSync(home)) {
    // What is used is not swept away.
    utimesSync(home, new Date(), new Date());
    return folder;
  }
  const draft = `${home}.${randomBytes(6).toString('hex')}`;
  makePrivateFolder(join(draft, safe(code.folder)));
  const { rows } = await store.pool.query<{ path: string; content: Buffer }>(
    `select m.key as path, f.content from wand.code c cross join jsonb_each_text(c.manifest) m
     join wand.code_file f on f.sha256 = m.value where c.hash = $1`,
    [hash],
  );
  for (const { path, content } of rows) {
    const file = join(draft, safe(code.folder), safe(path));
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, content, { mode: 0o600 });
  }
  try {
    renameSync(draft, home);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another worker of this host was first.
    if (!existsSync(home)) throw error;
  }
  return folder;
};

/** The manifest of a snapshot; throws `no-code-kept`. */
export const readCode = async (
  client: pg.Pool | pg.ClientBase,
  hash: string,
): Promise<{ folder: string; manifest: CodeManifest }> => {
  const { rows } = await client.query<{ folder: string; manifest: CodeManifest }>(
    'select folder, manifest from wand.code where hash = $1',
    [hash],
  );
  if (!rows[0]) throw noCode(hash);
  return rows[0];
};

const noCode = (hash: string): WandError =>
  new WandError('no-code-kept', `the code ${hash.slice(0, 12)} of this run is not kept any more`, {
    fix: 'run it with the code as it is now',
  });

/** Paths come from the database: none may lead out of the folder. */
const safe = (path: string): string => {
  if (path.startsWith('/') || path.includes('\0') || path.split('/').some((part) => ['', '.', '..'].includes(part))) {
    throw new WandError('unsafe-path', `a snapshot holds the path ${JSON.stringify(path)}, which leads out of it`);
  }
  return path;
};
