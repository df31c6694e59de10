import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WandError } from '../../src/problem/wand-error.ts';
import { findInstance, readInstance } from '../../src/project/instance.ts';
import { readProject } from '../../src/project/read-project.ts';
import { tempFolder } from './temp-project.ts';

const project = (path: string) => ({
  [`${path}/metadata.yaml`]: 'project_type: standalone\n',
  [`${path}/pipelines/one/metadata.yaml`]: 'blocks: []\n',
});

describe('findInstance', () => {
  it('takes a folder whose children are projects', () => {
    const root = tempFolder({ ...project('a'), ...project('b') });
    expect(findInstance(root)).toEqual({ instance: root, project: null });
  });

  it('takes the projects folder of a clone, from anywhere in the clone', () => {
    const root = tempFolder({ ...project('projects/a'), 'src/deep/x.ts': '' });
    const found = { instance: join(root, 'projects'), project: null };
    expect(findInstance(root)).toEqual(found);
    expect(findInstance(join(root, 'src/deep'))).toEqual(found);
    expect(findInstance(join(root, 'projects'))).toEqual(found);
  });

  it('prefers the project it stands in, from anywhere in the project', () => {
    const root = tempFolder({ ...project('a'), ...project('b'), 'a/data_loaders/': '' });
    const found = { instance: root, project: join(root, 'a') };
    expect(findInstance(join(root, 'a'))).toEqual(found);
    expect(findInstance(join(root, 'a', 'data_loaders'))).toEqual(found);
    expect(findInstance(join(root, 'a', 'pipelines', 'one'))).toEqual(found);
  });

  it('takes a project by itself, with its parent as the instance', () => {
    const root = tempFolder(project('only'));
    expect(findInstance(join(root, 'only'))).toEqual({ instance: root, project: join(root, 'only') });
    expect(readInstance(root).projects.map(({ uuid }) => uuid)).toEqual(['only']);
  });

  it('says where it looked and how to get out', () => {
    const root = tempFolder({ 'x/': '', 'y/metadata.yaml': '' });
    try {
      findInstance(join(root, 'x'));
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'no-instance', exitCode: 2 });
      expect((error as WandError).message).toContain(join(root, 'x'));
      expect((error as WandError).fix).toContain('wand init');
    }
    expect(() => findInstance(join(root, 'missing'))).toThrow('no such folder');
  });
});

describe('readInstance', () => {
  it('lists every project and pipeline by uuid, the broken ones too', () => {
    const root = tempFolder({
      ...project('b'),
      'b/pipelines/broken/metadata.yaml': 'a: [',
      'b/pipelines/__pycache__/x.pyc': '',
      'b/pipelines/nested/inner/metadata.yaml': 'blocks: []',
      'a/metadata.yaml': 'a: [',
      'a/pipelines/p/metadata.yaml': 'blocks: []\n',
      'plain/file': '',
    });
    const instance = readInstance(root);
    expect(instance.projects.map(({ uuid }) => uuid)).toEqual(['a', 'b']);
    expect(instance.projects[0]).toMatchObject({
      problems: [{ severity: 'error', line: 1 }],
      pipelines: [{ uuid: 'p' }],
    });
    expect(instance.projects[1]!.pipelines.map(({ uuid }) => uuid)).toEqual(['broken', 'one']);
    expect(instance.projects[1]!.pipelines[1]!.problems).toEqual([]);
  });

  it('does not run in circles over links', () => {
    const root = tempFolder(project('a'));
    symlinkSync('..', join(root, 'a', 'up'));
    symlinkSync('.', join(root, 'a', 'pipelines', 'self'));
    symlinkSync('loop', join(root, 'loop'));
    symlinkSync(join(root, 'a'), join(root, 'linked'));
    expect(readInstance(root).projects.map(({ uuid }) => uuid)).toEqual(['a', 'linked']);
  });

  it('lists the projects of a platform root, by the names of settings.yaml', () => {
    const root = tempFolder({
      'settings.yaml':
        'projects:\n  first: {path: team/one}\n  second: {}\n  gone: {}\n  outside: {path: ../elsewhere}\n',
      ...project('team/one'),
      ...project('second'),
      'team/one/pipelines/shared/metadata.yaml':
        'blocks:\n- {uuid: a, type: data_loader, upstream_blocks: [], configuration: {file_source: {path: second/data_loaders/b.py}}}\n',
      'second/data_loaders/b.py': '',
    });
    const instance = readInstance(root);
    expect(instance.projects.map(({ uuid }) => uuid)).toEqual(['first', 'second']);
    expect(instance.problems.map(({ line }) => line)).toEqual([4, 5]);
    const shared = instance.projects[0]!.pipelines[1]!.blocks[0]!;
    expect(shared).toMatchObject({ file: join(root, 'second/data_loaders/b.py'), fileExists: true });
    expect(findInstance(join(root, 'team'))).toEqual({ instance: join(root, 'team'), project: null });
  });
});

describe('readProject', () => {
  it('renders metadata.yaml with the environment', () => {
    const root = tempFolder({
      'p/metadata.yaml': "project_uuid: \"{{ env_var('ID') }}\"\nretry_config: {retries: {{ env_var('N', 3) }}}\n",
      'p/pipelines/': '',
    });
    const read = readProject(join(root, 'p'), { environment: { ID: 'abc' } });
    expect(read).toMatchObject({
      uuid: 'p',
      name: 'p',
      projectUuid: 'abc',
      retryConfig: { retries: 3 },
      problems: [],
      pipelines: [],
    });
  });

  it('reads variables for it from .env beside the projects', () => {
    const root = tempFolder({
      '.env': 'WAND_TEST_PROJECT_ID=from-file\n',
      'p/metadata.yaml': "project_uuid: {{ env_var('WAND_TEST_PROJECT_ID') }}\n",
      'p/pipelines/': '',
    });
    expect(readProject(join(root, 'p')).projectUuid).toBe('from-file');
  });

  it('takes an empty metadata.yaml as all defaults', () => {
    const root = tempFolder({ 'p/metadata.yaml': '', 'p/pipelines/': '' });
    expect(readProject(join(root, 'p'))).toMatchObject({ projectUuid: null, retryConfig: {}, problems: [] });
  });

  it('reports a metadata.yaml that is a folder or a bad template, and still lists the pipelines', () => {
    const root = tempFolder({
      ...project('a'),
      'b/metadata.yaml/': '',
      'b/pipelines/one/metadata.yaml': 'blocks: []\n',
      'a/metadata.yaml': 'a: 1\nb: {% if %}\n',
    });
    const [a, b] = readInstance(root).projects;
    expect(a).toMatchObject({ problems: [{ severity: 'error', line: 2 }], pipelines: [{ uuid: 'one', problems: [] }] });
    expect(b!.problems[0]!.message).toContain('is a folder');
    expect(b!.pipelines).toHaveLength(1);
  });
});
