import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runPlanShape } from '../../src/cli/shapes/plan.ts';
import { snapshotShape } from '../../src/cli/shapes/run.ts';
import { type Surroundings, surroundings } from '../support/program.ts';

const block = (uuid: string, type: string, language: string, upstream: string[] = [], rest = '') =>
  `- {uuid: ${uuid}, type: ${type}, language: ${language}, upstream_blocks: [${upstream}]${rest}}\n`;
const pipeline = (...blocks: string[]) => `type: python\nvariables: {least: 2}\nblocks:\n${blocks.join('')}`;
const sqlSettings = ', configuration: {data_provider: postgres, data_provider_profile: default, use_raw_sql: true}';

describe('a block by itself, and a run again', () => {
  let place: Surroundings;
  let project: string;
  const write = (files: Record<string, string>): void => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(project, name)), { recursive: true });
      writeFileSync(join(project, name), text);
    }
  };
  beforeAll(async () => {
    place = await surroundings();
    project = join(place.root, 'projects', 'alone');
    write({
      'metadata.yaml': 'project_type: standalone\n',
      'io_config.yaml': [
        'default:',
        ...['DBNAME', 'SCHEMA', 'USER', 'PASSWORD', 'HOST', 'PORT'].map(
          (name) => `  POSTGRES_${name}: "{{ env_var('POSTGRES_${name}') }}"`,
        ),
        '',
      ].join('\n'),
      'pipelines/sums/metadata.yaml': pipeline(
        block('numbers', 'data_loader', 'sql', [], sqlSettings),
        block('large', 'transformer', 'sql', ['numbers'], sqlSettings),
        block('shared', 'custom', 'sql', [], sqlSettings),
      ),
      'pipelines/other/metadata.yaml': pipeline(block('shared', 'custom', 'sql', [], sqlSettings)),
      'data_loaders/numbers.sql': 'select n from generate_series(1, 3) as t(n)',
      'transformers/large.sql': 'select n from {{ df_1 }} where n >= {{ least }}',
      'custom/shared.sql': 'select 1 as one',
      'custom/unlisted.sql': 'select count(*)::int as rows from {{ df_1 }}',
      'three.csv': 'n\n10\n20\n1\n',
    });
  });
  afterAll(() => place.close());

  const wand = async (...args: string[]) => {
    const { code, stdout, stderr } = await place.wand([...args, '--json'], { directory: project });
    return { code, json: stdout.trim() === '' ? null : JSON.parse(stdout), stderr };
  };
  const ran = async (...args: string[]) => {
    const { code, json, stderr } = await wand('run', ...args);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    return snapshotShape.parse(json);
  };
  const rowsOf = async (run: string, uuid: string) => (await wand('preview', run, uuid)).json.rows;

  test('without an input that nothing gives it is refused', async () => {
    const { code, stderr } = await wand('run', 'transformers/large.sql');
    expect(code).toBe(2);
    expect(stderr).toContain('nothing-to-reuse');
    expect(stderr).toContain('numbers');
    const unlisted = await wand('run', 'custom/unlisted.sql');
    expect([unlisted.code, unlisted.stderr]).toEqual([2, expect.stringContaining('--input 1=FILE')]);
  });

  test('gets settings, variables and inputs of the one pipeline that lists it', async () => {
    const whole = await ran('sums');
    const alone = await ran('transformers/large.sql');
    expect(alone.run).toMatchObject({ pipeline: null, parent_run_id: whole.run.id, project: 'alone' });
    expect(alone.blocks.map(({ uuid }) => uuid)).toEqual(['large']);
    expect(await rowsOf(alone.run.id, 'large')).toEqual([[2], [3]]);
    const plan = runPlanShape.parse((await wand('run', 'transformers/large.sql', '--dry-run')).json).plan;
    expect(plan).toMatchObject({ run: ['large'], reuse: [{ block: 'numbers', run: whole.run.id, rows: 3 }] });
  });

  test('takes its inputs from files where it is given some', async () => {
    for (const input of ['1=three.csv', 'numbers=three.csv']) {
      const alone = await ran('transformers/large.sql', '--input', input, '--var', 'least=15');
      expect(await rowsOf(alone.run.id, 'large')).toEqual([[20]]);
    }
    const unlisted = await ran('custom/unlisted.sql', '--input', '1=three.csv');
    expect(await rowsOf(unlisted.run.id, 'unlisted')).toEqual([[3]]);
    expect((await wand('run', 'transformers/large.sql', '--input', '2=three.csv')).stderr).toContain('no-such-input');
    expect((await wand('run', 'transformers/large.sql', '--input', '1=none.csv')).stderr).toContain('input-missing');
  });

  test('that several pipelines list wants to be told which', async () => {
    const { code, stderr } = await wand('run', 'custom/shared.sql');
    expect([code, stderr]).toEqual([2, expect.stringContaining('other, sums')]);
    expect((await ran('custom/shared.sql', '-p', 'other')).blocks).toHaveLength(1);
    expect((await wand('run', 'custom/shared.sql', '--from', 'x')).code).toBe(2);
    expect((await wand('run', 'sums', '--input', '1=three.csv')).code).toBe(2);
  });

  test('a failed run is retried in place with the code as it is now; one that has completed is not', async () => {
    write({ 'transformers/large.sql': 'select n / 0 from {{ df_1 }}' });
    const failed = await wand('run', 'sums');
    expect(failed.code).toBe(1);
    const { run } = snapshotShape.parse(failed.json);
    write({ 'transformers/large.sql': 'select n from {{ df_1 }}' });
    const retried = await wand('retry', run.id);
    expect([retried.code, retried.stderr]).toEqual([0, expect.stringContaining(`run ${run.id} of sums completed`)]);
    const shown = snapshotShape.parse((await wand('show', run.id)).json);
    expect(shown.blocks.find(({ uuid }) => uuid === 'large')).toMatchObject({ status: 'completed', attempt: 2 });
    const again = await wand('retry', run.id);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('run-completed')]);
    expect((await wand('retry', run.id, '--from', 'large')).code).toBe(0);
    expect((await wand('retry', '999999')).code).toBe(2);
  });
});
