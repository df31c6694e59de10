import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { projectData } from '../../src/engine/project-data.ts';

let instance: string;
let project: string;

beforeEach(() => {
  instance = mkdtempSync(join(tmpdir(), 'wand-data-of-'));
  project = join(instance, 'shop');
  mkdirSync(project);
  writeIo('db.example');
});
afterEach(() => rmSync(instance, { recursive: true, force: true }));

const writeIo = (host: string, database = 'one'): void =>
  writeFileSync(
    join(project, 'io_config.yaml'),
    `dev:\n  POSTGRES_HOST: ${host}\n  POSTGRES_PORT: 5432\n  POSTGRES_USER: u\n  POSTGRES_DBNAME: "{{ env_var('DB_OF_IT', '${database}') }}"\n`,
  );
const connection = async (shell = {}) => (await projectData(project, shell)).connection('dev');

it('reads a changed io_config.yaml for the next block, also when its size and second stay the same', async () => {
  expect(await connection()).toMatchObject({ host: 'db.example', database: 'one' });
  writeIo('db.exampel');
  expect(await connection()).toMatchObject({ host: 'db.exampel' });
});

it('reads .env files that come, change and go', async () => {
  expect(await connection()).toMatchObject({ database: 'one' });
  writeFileSync(join(instance, '.env'), 'DB_OF_IT=two\n');
  expect(await connection()).toMatchObject({ database: 'two' });
  writeFileSync(join(instance, '.env'), 'DB_OF_IT=six\n');
  expect(await connection()).toMatchObject({ database: 'six' });
  writeFileSync(join(project, '.env'), 'DB_OF_IT=ten\n');
  expect(await connection()).toMatchObject({ database: 'ten' });
  rmSync(join(project, '.env'));
  rmSync(join(instance, '.env'));
  expect(await connection()).toMatchObject({ database: 'one' });
});

it('sees a change of the shell, and gives the same environment as long as nothing changes', async () => {
  const first = await projectData(project, { A: '1' });
  expect((await projectData(project, { A: '1' })).environment).toBe(first.environment);
  expect((await projectData(project, { A: '2' })).environment).toMatchObject({ A: '2' });
  expect(await connection({ DB_OF_IT: 'shell' })).toMatchObject({ database: 'shell' });
});
