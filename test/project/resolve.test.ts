import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WandError } from '../../src/problem/wand-error.ts';
import { readInstance } from '../../src/project/instance.ts';
import { resolvePipeline } from '../../src/project/resolve.ts';
import { tempFolder } from './temp-project.ts';

const setup = () => {
  const files = ['a/yellow_taxi', 'a/green_taxi', 'b/yellow_taxi', 'b/orders'];
  const root = tempFolder({
    'a/metadata.yaml': '',
    'b/metadata.yaml': '',
    ...Object.fromEntries(files.map((name) => [`${name.replace('/', '/pipelines/')}/metadata.yaml`, 'blocks: []\n'])),
  });
  return readInstance(root);
};

const errorOf = (name: string, preferred: string | null = null): WandError => {
  try {
    resolvePipeline(setup(), name, preferred);
  } catch (error) {
    return error as WandError;
  }
  throw new Error('no error');
};

describe('resolvePipeline', () => {
  it('finds a bare name that is unique, and PROJECT/PIPELINE', () => {
    const instance = setup();
    expect(resolvePipeline(instance, 'orders')).toMatchObject({ project: { uuid: 'b' }, pipeline: { uuid: 'orders' } });
    expect(resolvePipeline(instance, 'a/yellow_taxi')).toMatchObject({ project: { uuid: 'a' } });
  });

  it('prefers the project one stands in, but finds the others too', () => {
    const instance = setup();
    expect(resolvePipeline(instance, 'yellow_taxi', join(instance.path, 'b')).project.uuid).toBe('b');
    expect(resolvePipeline(instance, 'yellow_taxi', 'a').project.uuid).toBe('a');
    expect(resolvePipeline(instance, 'green_taxi', join(instance.path, 'b')).project.uuid).toBe('a');
  });

  it('refuses an ambiguous name and lists the candidates', () => {
    const error = errorOf('yellow_taxi');
    expect(error).toMatchObject({ code: 'pipeline-ambiguous', exitCode: 2 });
    expect(error.message).toContain('a/yellow_taxi, b/yellow_taxi');
  });

  it('names what was probably meant, and everything there is', () => {
    const error = errorOf('yelow_taxi');
    expect(error).toMatchObject({ code: 'pipeline-not-found', exitCode: 2 });
    expect(error.fix).toContain('Did you mean yellow_taxi?');
    expect(error.fix).toContain('green_taxi');
    expect(errorOf('a/orders').fix).toContain('Did you mean b/orders?');
    expect(errorOf('zzz').fix).not.toContain('Did you mean');
  });
});
