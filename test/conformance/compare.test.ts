import { describe, expect, it } from 'vitest';
import { compareStep } from './compare.ts';
import { errorsAgree } from './compare-error.ts';
import { fingerprint } from './differences.ts';
import { type ExactJson, parseExactJson } from './exact-json.ts';
import { parsePath, pathText } from './json-path.ts';
import { judgeCase } from './judge.ts';
import type { ConformanceCase } from './types.ts';

const paths = (expected: ExactJson, got: ExactJson): string[] =>
  compareStep(expected, got).map(({ path }) => pathText(path));

const printing = (lines: string[]): ExactJson => ({ blocks: { b: { status: 'completed', printed: lines } } });

describe('values', () => {
  it('tells a float from an integer, and integers beyond 2^53 apart', () => {
    const block = (value: string): ExactJson =>
      parseExactJson(
        `{"blocks": {"b": {"status": "completed", "outputs": {"output_0": {"kind": "list", "value": [${value}]}}}}}`,
      );
    expect(paths(block('1'), block('1.0'))).toEqual(['$.blocks.b.outputs.output_0.value[0]']);
    expect(paths(block('9007199254740993'), block('9007199254740992'))).toHaveLength(1);
    expect(paths(block('29.0'), block('29.0'))).toEqual([]);
  });

  it('compares the order of columns, but not that of blocks, tables and rows', () => {
    const table = (columns: ExactJson, rows: ExactJson): ExactJson => ({
      tables_after: { 'public.t': { columns, rows } },
    });
    expect(paths(table({ a: 'int', b: 'int' }, []), table({ b: 'int', a: 'int' }, []))).toEqual([
      '$.tables_after["public.t"].columns',
    ]);
    expect(paths(table({}, [['1'], ['2']]), table({}, [['2'], ['1']]))).toEqual([]);
    expect(paths({ tables_unchanged: ['a', 'b'] }, { tables_unchanged: ['b', 'c'] })).toEqual([
      '$.tables_unchanged.a',
      '$.tables_unchanged.c',
    ]);
  });

  it('treats what Mage did not store as no output', () => {
    const nothing = { kind: 'dict', value: {} };
    const outputs = (status: string, given: ExactJson): ExactJson => ({ blocks: { b: { status, outputs: given } } });
    expect(paths(outputs('failed', { output_0: nothing }), outputs('failed', {}))).toEqual([]);
    expect(paths(outputs('completed', { output_0: nothing }), outputs('completed', {}))).toEqual([
      '$.blocks.b.outputs.output_0',
    ]);
  });
});

describe('siblings of a failed block', () => {
  const edges = new Map([
    ['load', []],
    ['boom', ['load']],
    ['sibling', ['load']],
    ['below', ['boom']],
  ]);
  const run = (status: string, statuses: Record<string, string>): ExactJson => ({
    status,
    blocks: Object.fromEntries(
      Object.entries({ load: 'completed', boom: 'failed', ...statuses }).map(([uuid, it]) => [uuid, { status: it }]),
    ),
  });
  const differing = (expected: ExactJson, got: ExactJson) =>
    compareStep(expected, got, edges).map(({ path }) => path[1]);

  it('may be done or cancelled, whatever they were in Mage, in a run that failed only', () => {
    for (const done of ['completed', 'condition_failed']) {
      expect(differing(run('failed', { sibling: done }), run('failed', { sibling: 'cancelled' }))).toEqual([]);
      expect(differing(run('failed', { sibling: 'cancelled' }), run('failed', { sibling: done }))).toEqual([]);
    }
    expect(differing(run('completed', { sibling: 'completed' }), run('completed', { sibling: 'cancelled' }))).toEqual([
      'sibling',
    ]);
  });

  it('are no others: what failed, what is below it, and what was done otherwise count', () => {
    const wanted = run('failed', { sibling: 'completed', below: 'cancelled' });
    expect(differing(wanted, run('failed', { sibling: 'completed', below: 'completed' }))).toEqual(['below']);
    expect(differing(wanted, run('failed', { sibling: 'condition_failed', below: 'cancelled' }))).toEqual(['sibling']);
    expect(differing(wanted, run('failed', { sibling: 'failed', below: 'cancelled' }))).toEqual(['sibling']);
    expect(differing(wanted, run('failed', { load: 'cancelled', sibling: 'completed', below: 'cancelled' }))).toEqual([
      'load',
    ]);
    expect(compareStep(wanted, run('failed', { sibling: 'cancelled', below: 'cancelled' }))).not.toEqual([]);
  });

  it('leave no outputs where they are children of a dynamic block', () => {
    const child = (status: string) => ({ status, metrics: { dynamic_block_index: 1 } });
    const step = (status: string, outputs: ExactJson): ExactJson => ({
      status: 'failed',
      blocks: { fan: { status: 'completed', outputs }, 'fan:b': { status: 'failed' }, 'fan:c': child(status) },
    });
    const [one, two] = [{ '0/output_0': { kind: 'int', value: 1 } }, { '1/output_0': { kind: 'int', value: 2 } }];
    const fan = new Map([['fan', []]]);
    const paths = (expected: ExactJson, got: ExactJson) =>
      compareStep(expected, got, fan).map((it) => pathText(it.path));
    expect(paths(step('completed', { ...one, ...two }), step('cancelled', one))).toEqual([]);
    expect(paths(step('completed', { ...one, ...two }), step('cancelled', two))).toEqual([
      '$.blocks.fan.outputs["0/output_0"]',
    ]);
  });
});

describe('runs that nobody waits for', () => {
  const runs = (status: string): ExactJson => ({ other_runs: [{ pipeline: 'child', status }] });
  it('may have ended since, but not otherwise', () => {
    expect(paths(runs('running'), runs('completed'))).toEqual([]);
    expect(paths(runs('running'), runs('failed'))).toHaveLength(1);
    expect(paths(runs('completed'), runs('running'))).toHaveLength(1);
  });
});

describe('printed lines', () => {
  it('come in order, with others between them, whatever the white space', () => {
    expect(paths(printing(['one', '2', 'end']), printing(['first', 'one 2', 'more', 'end']))).toEqual([]);
    expect(paths(printing(['no newline', 'two']), printing(['no newlinetwo']))).toEqual([]);
  });

  it('are missed where they are not there, not in order, or only part of a word', () => {
    expect(paths(printing(['one', 'two']), printing(['two', 'one']))).toEqual(['$.blocks.b.printed[1]']);
    expect(paths(printing(['two']), printing(['twofold']))).toEqual(['$.blocks.b.printed[0]']);
    expect(paths(printing(['two']), printing([]))).toEqual(['$.blocks.b.printed[0]']);
  });

  it("leave out Mage's own, such as the queries its load echoes", () => {
    expect(paths(printing(['SELECT 1', '...', 'mine']), printing(['mine']))).toEqual([]);
  });
});

describe('errors', () => {
  it('agree in class and message, whatever the module', () => {
    expect(errorsAgree('ValueError: no', 'ValueError: no')).toBe(true);
    expect(errorsAgree('load.<locals>.Custom: mine', 'block.load.<locals>.Custom: mine')).toBe(true);
    expect(errorsAgree('ValueError: no', 'ValueError: yes')).toBe(false);
    expect(errorsAgree('ValueError: no', 'TypeError: no')).toBe(false);
  });

  it("may word what Mage words itself in wand's own way, in the same class", () => {
    const mage = 'Exception: Failed to pass tests for block x';
    expect(errorsAgree(mage, 'Exception: Failed to pass tests for block x: second')).toBe(true);
    expect(errorsAgree(mage, 'ValueError: Failed to pass tests for block x')).toBe(false);
  });

  it('of a database agree in what the server said first', () => {
    const mage =
      'pandas.errors.DatabaseError: Execution failed on sql \'SELEC 1\': syntax error at or near "SELEC"\nLINE 1: SELEC 1\n';
    expect(errorsAgree(mage, '42601 syntax_error: syntax error at or near "SELEC"')).toBe(true);
    expect(errorsAgree(mage, '42601 syntax_error: syntax error at or near "1"')).toBe(false);
    expect(errorsAgree(mage, 'ValueError: syntax error at or near "SELEC"')).toBe(false);
  });
});

describe('documented differences', () => {
  const step = (value: number): ExactJson => ({ status: 'completed', value });
  const judge = (got: number, wand: number | null, mage = fingerprint(step(1), ['$.value'])) => {
    const conformanceCase = {
      name: '00-made-up',
      folder: '/nowhere',
      file: { title: '', steps: [{ pipeline: 'p' }] },
      expected: { case: '00-made-up', steps: [step(1)] },
    } satisfies ConformanceCase;
    const outcome = { steps: [{ kind: 'ran' as const, got: step(got) }], filesCreated: [], filesChanged: [] };
    const entry = {
      case: '00-made-up',
      step: 0,
      rule: 'works-in-wand' as const,
      mage,
      wand: new Map([['$.value', wand]]),
    };
    const entries = wand === null ? [] : [entry];
    return judgeCase(conformanceCase, outcome, entries).steps[0]!.result.verdict;
  };

  it('pass with exactly their value, and fail with any other, also with that of Mage', () => {
    expect(judge(2, 2)).toBe('documented');
    expect(judge(3, 2)).toBe('different');
    expect(judge(1, 2)).toBe('different');
    expect(judge(2, null)).toBe('different');
    expect(judge(1, null)).toBe('equal');
    expect(judge(2, 2, fingerprint(step(0), ['$.value']))).toBe('different');
  });

  it('are found by paths that can be read back', () => {
    const keys = ['blocks', '2nd-Block', 'rows', 3, 'a"b'];
    expect(parsePath(pathText(keys))).toEqual(keys);
  });
});
