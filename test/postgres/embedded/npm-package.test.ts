import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { packageRoot } from '../../../src/home/package-root.ts';
import { npmBinFolder, npmPackageName } from '../../../src/postgres/embedded/npm-package.ts';
import type { Place } from '../../../src/postgres/embedded/place.ts';
import { rootTest, testWhere } from '../../support/where.ts';

const installed = join(packageRoot(), 'node_modules', npmPackageName());
const isRoot = process.getuid?.() === 0;
let folder: string;
let package_: string;
let place: Place;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wand npm '));
  package_ = join(folder, 'node modules', 'server');
  const base = join(folder, 'base');
  mkdirSync(base);
  chmodSync(folder, 0o755);
  chmodSync(base, 0o755);
  place = { home: folder, folder: base, base, data: join(base, 'data'), socketFolder: base, account: null };
  await cp(installed, package_, { recursive: true, verbatimSymlinks: true });
  removeLinks();
});
afterEach(() => {
  spawnSync('chmod', ['-R', 'u+w', folder]);
  rmSync(folder, { recursive: true });
});

/** As after `npm install --ignore-scripts`. */
const removeLinks = () => {
  for (const entry of readdirSync(join(package_, 'native', 'lib'), { withFileTypes: true })) {
    if (entry.isSymbolicLink()) rmSync(join(package_, 'native', 'lib', entry.name));
  }
};

const runs = (binFolder: string, identity = {}) =>
  spawnSync(join(binFolder, 'initdb'), ['--version'], { encoding: 'utf8', cwd: '/', ...identity }).stdout;

// The package is an optional dependency: npm leaves it out on systems it is not made for.
describe.skipIf(!existsSync(installed))(
  `the npm package without its install script${existsSync(installed) ? '' : ' (skipped: it is not installed)'}`,
  () => {
    test('cannot run, gets its links, and runs', async () => {
      expect(runs(join(package_, 'native', 'bin'))).not.toMatch(/PostgreSQL/);
      const binFolder = await npmBinFolder(place, package_);
      expect(binFolder).toBe(join(package_, 'native', 'bin'));
      expect(runs(binFolder!)).toMatch(/initdb \(PostgreSQL\) 1\d/);
    });

    testWhere(!isRoot, 'a user other than root, who may write anywhere')(
      'is copied where it may not be written',
      async () => {
        spawnSync('chmod', ['-R', 'a-w', package_]);
        const binFolder = await npmBinFolder(place, package_);
        expect(binFolder!.startsWith(place.base)).toBe(true);
        expect(runs(binFolder!)).toMatch(/initdb \(PostgreSQL\) 1\d/);
      },
    );

    // The modes are those of an installation with umask 077.
    rootTest('is copied where the user of the server cannot reach it, once', async () => {
      chmodSync(join(folder, 'node modules'), 0o700);
      spawnSync('chmod', ['-R', 'go-rwx', package_]);
      const asNobody = { ...place, account: { name: 'nobody', uid: 65_534, gid: 65_534 } };
      const binFolder = await npmBinFolder(asNobody, package_);
      expect(binFolder!.startsWith(place.base)).toBe(true);
      expect(runs(binFolder!, { uid: 65_534, gid: 65_534 })).toMatch(/initdb \(PostgreSQL\) 1\d/);
      expect(await npmBinFolder(asNobody, package_)).toBe(binFolder);
      expect(readdirSync(place.base).filter((name) => name.startsWith('programs-'))).toHaveLength(1);
    });
  },
);

test('a package that is not installed is none', async () => expect(await npmBinFolder(place, null)).toBeNull());
