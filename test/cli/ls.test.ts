import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lsShape } from '../../src/cli/shapes/ls.ts';
import { tempFolder } from '../project/temp-project.ts';
import { wand } from './wand-command.ts';

const shop = join(import.meta.dirname, '../../projects/shop');

describe('wand ls', () => {
  it('prints JSON of its shape; a block names every pipeline that lists its file', () => {
    const { status, stdout } = wand(['ls', '-C', shop, '--json']);
    expect(status).toBe(0);
    const listed = lsShape.parse(JSON.parse(stdout));
    expect(listed.instance).toBe(join(shop, '..'));
    const project = listed.projects.find(({ uuid }) => uuid === 'shop')!;
    expect(project.pipelines.map(({ uuid }) => uuid)).toEqual(['orders_daily', 'orders_report']);
    const block = project.pipelines[0]!.blocks.find(({ uuid }) => uuid === 'load_orders')!;
    expect(block).toEqual({
      uuid: 'load_orders',
      name: 'load orders',
      type: 'data_loader',
      language: 'typescript',
      file: join(shop, 'data_loaders/load_orders.ts'),
      upstream: [],
      downstream: ['price_order_lines'],
      pipelines: ['orders_daily', 'orders_report'],
    });
  });

  it('keeps the sharing in sight when only one pipeline is listed', () => {
    const { stdout } = wand(['ls', '-C', shop, '-p', 'shop/orders_report', '--json']);
    const { projects } = lsShape.parse(JSON.parse(stdout));
    expect(projects).toHaveLength(1);
    expect(projects[0]!.pipelines.map(({ uuid }) => uuid)).toEqual(['orders_report']);
    expect(projects[0]!.pipelines[0]!.blocks[0]!.pipelines).toEqual(['orders_daily', 'orders_report']);
  });

  it('prints tables of projects, pipelines and blocks', () => {
    expect(wand(['ls', 'projects', '-C', shop]).stdout).toMatch(/shop\s+2\s/);
    expect(wand(['ls', '-C', shop]).stdout).toMatch(/shop\s+orders_daily\s+python\s+9\s/);
    const blocks = wand(['ls', '-p', 'orders_report', '-C', shop]).stdout.split('\n');
    expect(blocks.filter((line) => line.includes('shop/orders_report'))).toHaveLength(3);
    expect(blocks.find((line) => line.includes(' load_orders '))).toMatch(/orders_daily$/);
  });

  it('lists broken pipelines with a mark, next to the others, and exits 0', () => {
    const root = tempFolder({
      'a/metadata.yaml': '',
      'a/pipelines/bad/metadata.yaml': 'a: [',
      'a/pipelines/good/metadata.yaml': 'blocks: []\n',
    });
    const { status, stdout, stderr } = wand(['ls', '-C', root]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^✗ +a +bad/m);
    expect(stdout).toMatch(/^ +a +good/m);
    expect(stderr).toContain('wand check');
  });

  it('makes control characters of names visible', () => {
    const root = tempFolder({
      'a/metadata.yaml': '',
      'a/pipelines/x/metadata.yaml': 'description: "a\\e]0;title\\ab"\nblocks: []\n',
    });
    const { stdout } = wand(['ls', '-C', root]);
    expect(stdout).toContain('a^[]0;title^Gb');
    expect(stdout).not.toContain('\u001b');
  });

  it('refuses unknown pipelines and unknown lists with exit code 2', () => {
    const unknown = wand(['ls', '-p', 'orders_dialy', '-C', shop]);
    expect(unknown).toMatchObject({ status: 2, stdout: '' });
    expect(unknown.stderr).toContain('Did you mean orders_daily');
    expect(wand(['ls', 'tables', '-C', shop]).status).toBe(2);
  });
});
