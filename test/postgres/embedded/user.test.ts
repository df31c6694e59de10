import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { packageRoot } from '../../../src/home/package-root.ts';
import { serverAccount } from '../../../src/postgres/embedded/account.ts';
import type { EmbeddedServer } from '../../../src/postgres/embedded/ensure.ts';
import { npmPackageName } from '../../../src/postgres/embedded/npm-package.ts';
import { inProcess, makeHome } from '../../support/home.ts';
import { testWhere } from '../../support/where.ts';

const nobody = 65_534;
const as = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];

/** Only root can become another user, who must be able to read this checkout. */
const possible =
  process.getuid?.() === 0 &&
  spawnSync(as[0]!, [
    ...as.slice(1),
    process.execPath,
    '-e',
    `require('fs').readFileSync(${JSON.stringify(join(packageRoot(), 'package.json'))})`,
  ]).status === 0;

const useIt = `
  const server = await ensure.ensureEmbeddedServer();
  await database.ensureDatabase(server, 'some data');
  console.log(JSON.stringify(server));`;

describe.skipIf(!possible)(
  `an ordinary user${possible ? '' : ' (skipped: it needs root to become one, setpriv, and a checkout that all may read)'}`,
  () => {
    let home: string;
    beforeEach(() => {
      home = makeHome();
      chownSync(home, nobody, nobody);
    });
    afterEach(async () => {
      await inProcess(home, 'console.log(JSON.stringify(await stop.stopEmbeddedServer()))', { as });
      rmSync(home, { recursive: true });
    });

    test('has the server in the own home, as the own user', async () => {
      const server = await inProcess<EmbeddedServer>(home, useIt, { as });
      expect(server.dataFolder).toBe(join(home, 'pg', 'data'));
      expect(statSync(`/proc/${server.pid}`).uid).toBe(nobody);
      const modes = readdirSync(join(home, 'pg')).map((name) => [name, statSync(join(home, 'pg', name)).mode & 0o077]);
      expect(modes.filter(([, others]) => others !== 0)).toEqual([]);
    });

    test('with a long path gets a short socket folder of its own', async () => {
      const long = join(home, 'a'.repeat(60), 'b'.repeat(60));
      mkdirSync(long, { recursive: true });
      for (const folder of [long, join(home, 'a'.repeat(60))]) chownSync(folder, nobody, nobody);
      const server = await inProcess<EmbeddedServer>(long, useIt, { as });
      expect(server.socketFolder).toMatch(new RegExp(`/wand-${nobody}-[0-9a-f]+$`));
      expect(statSync(server.socketFolder).mode & 0o777).toBe(0o700);
      expect(statSync(server.socketFolder).uid).toBe(nobody);
      await inProcess(long, 'console.log(JSON.stringify(await stop.stopEmbeddedServer()))', { as });
      expect(existsSync(server.socketFolder)).toBe(false);
      // Somebody else's folder of that name is not trusted.
      mkdirSync(server.socketFolder);
      await expect(inProcess(long, useIt, { as })).rejects.toThrow(/belongs to somebody else/);
      rmSync(server.socketFolder, { recursive: true });
    });

    testWhere(existsSync(join(packageRoot(), 'node_modules', npmPackageName())), 'the npm package of Postgres')(
      'can use the server programs of npm',
      async () => {
        const environment = { WAND_PG_BIN: join(packageRoot(), 'node_modules', npmPackageName(), 'native', 'bin') };
        const server = await inProcess<EmbeddedServer>(home, useIt, { as, environment });
        expect(server.binFolder).toBe(environment.WAND_PG_BIN);
      },
    );

    test('who may not write the home is told so', async () => {
      chmodSync(home, 0o500);
      chownSync(home, 0, 0);
      await expect(inProcess(home, useIt, { as })).rejects.toThrow(/cannot be kept in/);
    });
  },
);

test('root has the server run as postgres, else as nobody', () => {
  const passwd = 'root:x:0:0:root:/root:/bin/sh\nnobody:x:99:98::/:/bin/false\n';
  expect(serverAccount(passwd)).toEqual({ name: 'nobody', uid: 99, gid: 98 });
  expect(serverAccount(`${passwd}postgres:x:70:71::/var/lib/postgresql:/bin/sh\n`)).toEqual({
    name: 'postgres',
    uid: 70,
    gid: 71,
  });
  expect(() => serverAccount('root:x:0:0:root:/root:/bin/sh\n')).toThrow(/refuses to run as root/);
});
