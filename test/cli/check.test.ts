import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkShape } from '../../src/cli/shapes/check.ts';
import { tempFolder } from '../project/temp-project.ts';
import { wand } from './wand-command.ts';

const clean = {
  'a/metadata.yaml': 'project_type: standalone\n',
  'a/pipelines/good/metadata.yaml':
    'blocks:\n- {uuid: load, type: data_loader, upstream_blocks: [], downstream_blocks: []}\n',
  'a/data_loaders/load.py': '',
};

const sqlBlock = (configuration: string) =>
  `blocks:\n- uuid: q\n  type: data_loader\n  language: sql\n  upstream_blocks: []\n  configuration: {${configuration}}\n`;

const environment = { POSTGRES_HOST: 'h', POSTGRES_USER: 'u' };

describe('wand check', () => {
  it('exits 0 without a problem, and says on stderr what it looked at', () => {
    const { status, stdout, stderr } = wand(['check', tempFolder(clean)]);
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: '',
      stderr: 'no problems in 1 project, 1 pipeline, 1 block\n',
    });
  });

  it('prints severity, file, line, message and the way out, and exits 2 for an error', () => {
    const root = tempFolder({
      ...clean,
      'a/pipelines/bad/metadata.yaml': 'name: bad\nblocks:\n- {uuid: gone, type: data_loader, upstream_blocks: []}\n',
    });
    const { status, stdout } = wand(['check'], { cwd: root });
    expect(status).toBe(2);
    expect(stdout).toBe(
      `error    a/pipelines/bad/metadata.yaml:3  the file of block gone is missing: ${root}/a/data_loaders/gone.py\n` +
        '         Create the file, or take the block out of the pipeline.\n',
    );
  });

  it('exits 0 for warnings only', () => {
    const root = tempFolder({ ...clean, 'a/pipelines/odd/metadata.yaml': 'type: streaming\nblocks: []\n' });
    const { status, stdout } = wand(['check', root]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^warning {2}.*odd\/metadata\.yaml:1 {2}/);
  });

  it('prints JSON of its shape, sorted by project, pipeline, file and line', () => {
    const broken = 'blocks:\n- {uuid: b, type: odd}\n- {uuid: a, type: odd}\n';
    const root = tempFolder({
      ...clean,
      'a/pipelines/z/metadata.yaml': broken,
      'a/pipelines/m/metadata.yaml': 'a: [\n',
      'b/metadata.yaml': 'a: 1\n b: 2\n',
      'b/pipelines/one/metadata.yaml': broken,
    });
    const { status, stdout } = wand(['check', root, '--json']);
    expect(status).toBe(2);
    const { problems } = checkShape.parse(JSON.parse(stdout));
    expect(problems.map(({ project, pipeline, line }) => [project, pipeline, line])).toEqual([
      ['a', 'm', 2],
      ['a', 'z', 2],
      ['a', 'z', 3],
      ['b', null, 2],
      ['b', 'one', 2],
      ['b', 'one', 3],
    ]);
    expect(problems[1]).toEqual({
      severity: 'error',
      project: 'a',
      pipeline: 'z',
      block: 'b',
      file: join(root, 'a/pipelines/z/metadata.yaml'),
      line: 2,
      message: 'unknown block type odd',
      fix: expect.any(String),
    });
  });

  it('looks only at the project it is pointed to', () => {
    const root = tempFolder({ ...clean, 'b/metadata.yaml': 'a: [\n', 'b/pipelines/': '' });
    expect(wand(['check', join(root, 'a')]).status).toBe(0);
    expect(wand(['check', join(root, 'b')]).status).toBe(2);
    expect(wand(['check', root]).status).toBe(2);
  });

  it('holds SQL blocks against io_config.yaml', () => {
    const pipelines = {
      missing: 'data_provider: postgres, data_provider_profile: nope',
      nothing: 'export_write_policy: append',
      profileless: 'data_provider: postgres',
      right: 'data_provider: postgres, data_provider_profile: dev',
      unset: 'data_provider: postgres, data_provider_profile: other',
    };
    const root = tempFolder({
      ...clean,
      'a/data_loaders/q.sql': 'select 1',
      'a/io_config.yaml':
        'dev: {POSTGRES_HOST: "{{ env_var(\'POSTGRES_HOST\') }}", POSTGRES_USER: u, POSTGRES_DBNAME: d}\n' +
        'other: {POSTGRES_HOST: h, POSTGRES_USER: u, POSTGRES_DBNAME: "{{ env_var(\'NOT_SET_HERE\') }}"}\n',
      ...Object.fromEntries(
        Object.entries(pipelines).map(([uuid, configuration]) => [
          `a/pipelines/${uuid}/metadata.yaml`,
          sqlBlock(configuration),
        ]),
      ),
    });
    const { status, stdout } = wand(['check', root, '--json'], { environment });
    expect(status).toBe(2);
    const { problems } = checkShape.parse(JSON.parse(stdout));
    expect(problems.map(({ severity, pipeline, message }) => `${severity} ${pipeline}: ${message}`)).toEqual([
      'error missing: q uses the profile nope, which io_config.yaml does not have',
      'warning nothing: q has no data_provider: Mage runs nothing',
      'error profileless: q has no data_provider_profile',
      'warning unset: the profile other needs NOT_SET_HERE, which is not set',
    ]);
  });

  it('warns about what wand does not run yet', () => {
    const block = (uuid: string, rest: string) => `- {uuid: ${uuid}, upstream_blocks: [], ${rest}}\n`;
    const root = tempFolder({
      ...clean,
      'a/data_loaders/r.r': '',
      'a/sensors/wait.py': '',
      'a/callbacks/tell.py': '',
      'a/conditionals/only_if.py': '',
      'a/pipelines/later/metadata.yaml': `extensions: {great_expectations: {blocks: []}}
blocks:
${block('load', 'type: data_loader, has_callback: true, configuration: {dynamic: true}')}${block('r', 'type: data_loader, language: r')}${block('wait', 'type: sensor')}callbacks:
${block('tell', 'type: callback')}conditionals:
${block('only_if', 'type: conditional')}`,
    });
    const { status, stdout } = wand(['check', root, '--json']);
    expect(status).toBe(0);
    const { problems } = checkShape.parse(JSON.parse(stdout));
    expect(problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      '1: wand does not run extensions: great_expectations',
      '4: wand does not run r blocks yet: r will fail',
    ]);
    // What it does run, in the same file, is not complained of: a dynamic block, a sensor, a callback, a conditional.
  });

  it('says that io_config.yaml is missing where a block needs it', () => {
    const root = tempFolder({
      ...clean,
      'a/data_loaders/q.sql': '',
      'a/pipelines/q/metadata.yaml': sqlBlock('data_provider: postgres, data_provider_profile: dev'),
    });
    expect(wand(['check', root]).stdout).toContain('the project has no io_config.yaml');
  });

  it('needs no server for POSTGRES_HOST=embedded', () => {
    const root = tempFolder({
      ...clean,
      '.env': 'POSTGRES_HOST=embedded\nPOSTGRES_DBNAME=d\n',
      'a/data_loaders/q.sql': '',
      'a/io_config.yaml': ['HOST', 'PORT', 'USER', 'PASSWORD', 'DBNAME'].reduce(
        (text, key) => `${text}  POSTGRES_${key}: "{{ env_var('POSTGRES_${key}') }}"\n`,
        'dev:\n',
      ),
      'a/pipelines/q/metadata.yaml': sqlBlock('data_provider: postgres, data_provider_profile: dev'),
    });
    expect(wand(['check', root])).toMatchObject({ status: 0, stdout: '' });
  });

  it('makes control characters of names visible', () => {
    const root = tempFolder({
      ...clean,
      'a/pipelines/evil/metadata.yaml': 'blocks:\n- {uuid: "x\\e[2Jy", type: data_loader}\n',
    });
    const { stdout } = wand(['check', root]);
    expect(stdout).toContain('x^[[2Jy');
    expect(stdout).not.toContain('\u001b');
  });

  it('says that there is no instance, also as JSON, with exit code 2', () => {
    const root = tempFolder({});
    const { status, stdout, stderr } = wand(['check', root, '--json']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({ version: 1, error: { code: 'no-instance' } });
  });

  it('finds nothing wrong with the sample projects but what the environment lacks', () => {
    const projects = join(import.meta.dirname, '../../projects/shop');
    const { status, stdout } = wand(['check', projects, '--json'], {
      environment: { ...environment, POSTGRES_PORT: '5432', POSTGRES_DBNAME: 'd', POSTGRES_PASSWORD: 'p' },
    });
    expect({ status, problems: JSON.parse(stdout).problems }).toEqual({ status: 0, problems: [] });
  });
});
