import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';

const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A temporary folder with these files (path -> text or bytes); removed after the test. A path that ends in `/` is a folder. */
export const tempFolder = (files: Record<string, string | Uint8Array>): string => {
  const root = mkdtempSync(join(tmpdir(), 'wand project '));
  made.push(root);
  for (const [path, content] of Object.entries(files)) {
    const full = join(root, path);
    mkdirSync(path.endsWith('/') ? full : dirname(full), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(full, content);
  }
  return root;
};

/** A project `p` whose pipeline `x` has this metadata.yaml; further files are relative to the project. */
export const tempProject = (pipeline: string, files: Record<string, string | Uint8Array> = {}): string => {
  const inside = Object.fromEntries(Object.entries(files).map(([path, content]) => [`p/${path}`, content]));
  const root = tempFolder({
    'p/metadata.yaml': 'project_type: standalone\n',
    'p/pipelines/x/metadata.yaml': pipeline,
    ...inside,
  });
  return join(root, 'p');
};
