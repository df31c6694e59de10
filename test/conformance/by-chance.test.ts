import { describe, expect, it } from 'vitest';
import { isByChance } from './by-chance.ts';
import { compareStep } from './compare.ts';
import type { ExactJson } from './exact-json.ts';
import { pathText } from './json-path.ts';
import type { CaseVerdict } from './judge.ts';

describe('a difference', () => {
  const file = { title: '', steps: [{ pipeline: 'p' }, { pipeline: 'p', retry: {} }, { pipeline: 'p' }] };
  const byChance = (chance: string[], ...paths: string[][]): boolean => inCase('00', chance, ...paths);
  const inCase = (name: string, chance: string[], ...paths: string[][]): boolean => {
    const steps: CaseVerdict['steps'] = [0, 1, 2].map((index) => ({
      pipeline: 'p',
      chance: index === 0 ? chance : [],
      result: paths[index]
        ? { verdict: 'different', differences: [{ path: paths[index], expected: 1, got: 2 }] }
        : { verdict: 'equal' },
    }));
    return isByChance({ file, name }, { case: name, steps, files: { verdict: 'equal' } });
  };
  const [table, sibling] = [
    ['tables_after', 'public.t'],
    ['blocks', 'sibling', 'outputs'],
  ];

  it('in what a sibling left, and in that sibling when its run goes on, is by chance', () => {
    expect(byChance(['sibling'], table)).toBe(true);
    expect(byChance(['sibling'], table, sibling)).toBe(true);
  });

  it('anywhere else is none: in another block, before or without chance, or in a run of its own', () => {
    expect(byChance([], table)).toBe(false);
    expect(byChance(['sibling'], ['blocks', 'load', 'outputs'])).toBe(false);
    expect(byChance(['sibling'], table, ['blocks', 'load', 'outputs'])).toBe(false);
    expect(byChance(['sibling'], table, sibling, sibling)).toBe(false);
    expect(byChance(['sibling'], ['status'])).toBe(false);
  });

  it('in a value that a race between two blocks decides is by chance, in the case that is named for it', () => {
    const here = ['blocks', 'exists', 'outputs', 'output_0', 'value', 'here'];
    const there = [...here.slice(0, -1), 'there'];
    expect(inCase('12-file-io', [], here)).toBe(true);
    expect(inCase('12-file-io', [], there)).toBe(false);
    expect(inCase('02-inputs', [], here)).toBe(false);
  });
});

describe('a block that only one side brought to its end', () => {
  const edges = new Map([
    ['boom', []],
    ['sibling', []],
  ]);
  const step = (sibling: { [key: string]: ExactJson }): ExactJson => ({
    status: 'failed',
    blocks: { boom: { status: 'failed' }, sibling },
  });
  const output = (...columns: string[]): ExactJson => ({
    output_0: { kind: 'frame', rows: 2, columns: Object.fromEntries(columns.map((name) => [name, 'int64'])) },
  });
  const differing = (expected: { [key: string]: ExactJson }, got: { [key: string]: ExactJson }): string[] =>
    compareStep(step(expected), step(got), edges).map(({ path }) => pathText(path));

  it('may lack outputs, but has the same where it has them', () => {
    const done = { status: 'completed', outputs: output('a', 'b') };
    expect(differing({ status: 'cancelled' }, done)).toEqual([]);
    expect(differing(done, { status: 'cancelled' })).toEqual([]);
    expect(differing({ status: 'cancelled', outputs: output('a', 'b') }, done)).toEqual([]);
    expect(differing({ status: 'cancelled', outputs: output('a') }, done)).toEqual([
      '$.blocks.sibling.outputs.output_0.columns.b',
    ]);
    expect(differing(done, { status: 'cancelled', outputs: output('b', 'a') })).toEqual([
      '$.blocks.sibling.outputs.output_0.columns',
    ]);
  });

  it('has printed at its end what Mage had printed before it stopped', () => {
    const stopped = { status: 'cancelled', printed: ['one'] };
    expect(differing(stopped, { status: 'completed', printed: ['one', 'two'] })).toEqual([]);
    expect(differing(stopped, { status: 'completed', printed: ['two'] })).toEqual(['$.blocks.sibling.printed[0]']);
    expect(differing({ status: 'completed', printed: ['one', 'two'] }, { status: 'cancelled' })).toEqual([]);
  });

  it('has no error', () => {
    const failed = { status: 'completed', error: 'ValueError: no' };
    expect(differing({ status: 'cancelled' }, failed)).toEqual(['$.blocks.sibling.error']);
  });
});
