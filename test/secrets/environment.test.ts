import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WandError } from '../../src/problem/wand-error.ts';
import { ensureEnvFile } from '../../src/secrets/course-env.ts';
import { readEnvFile } from '../../src/secrets/env-file.ts';
import { projectEnvironment } from '../../src/secrets/environment.ts';

let project: string;
let instance: string;
beforeEach(() => {
  instance = mkdtempSync(join(tmpdir(), 'wand secrets '));
  project = mkdtempSync(join(instance, 'project '));
});
afterEach(() => rmSync(instance, { recursive: true }));

describe('a .env file', () => {
  test('is read with quotes, comments, export and a byte order mark', () => {
    writeFileSync(join(project, '.env'), '\uFEFFA=1\n# no\nexport B="two words" # why\nC=\'$A\'\nD=\r\n');
    expect(readEnvFile(join(project, '.env'))).toEqual({ A: '1', B: 'two words', C: '$A', D: '' });
  });

  test('may be missing', () => expect(readEnvFile(join(project, 'none', '.env'))).toEqual({}));

  test('that is a folder is a clear error that names it', () => {
    expect(() => readEnvFile(project)).toThrow(WandError);
    try {
      readEnvFile(project);
    } catch (error) {
      expect(error).toMatchObject({ code: 'env-unreadable', file: project, exitCode: 2 });
    }
  });
});

describe('the environment of a project', () => {
  test('takes shell, project and instance in this order and knows the origin', () => {
    writeFileSync(join(project, '.env'), 'A=project\nB=project\nEMPTY=project\n');
    writeFileSync(join(instance, '.env'), 'A=instance\nB=instance\nC=instance\n');
    const environment = projectEnvironment({
      projectPath: project,
      instancePath: instance,
      shell: { A: 'shell', EMPTY: '', NOT: undefined },
    });
    expect(environment.values).toEqual({ A: 'shell', B: 'project', C: 'instance', EMPTY: '' });
    expect(['A', 'B', 'C', 'EMPTY', 'NOT', 'toString'].map(environment.originOf)).toEqual([
      'shell',
      join(project, '.env'),
      join(instance, '.env'),
      'shell',
      null,
      null,
    ]);
  });
});

describe('the .env of the course', () => {
  test('is made from dev.env, for its owner only', () => {
    writeFileSync(join(project, 'dev.env'), 'POSTGRES_HOST=embedded\n', { mode: 0o644 });
    expect(ensureEnvFile(project)).toEqual({ path: join(project, '.env'), created: true });
    expect(readEnvFile(join(project, '.env'))).toEqual({ POSTGRES_HOST: 'embedded' });
    expect(statSync(join(project, '.env')).mode & 0o777).toBe(0o600);
  });

  test('is never overwritten, nor its mode changed', () => {
    writeFileSync(join(project, 'dev.env'), 'A=template\n');
    writeFileSync(join(project, '.env'), 'A=mine\n');
    chmodSync(join(project, '.env'), 0o640);
    expect(ensureEnvFile(project)).toEqual({ path: join(project, '.env'), created: false });
    expect(readEnvFile(join(project, '.env'))).toEqual({ A: 'mine' });
    expect(statSync(join(project, '.env')).mode & 0o777).toBe(0o640);
  });

  test('needs a dev.env', () => expect(ensureEnvFile(project)).toBeNull());
});
