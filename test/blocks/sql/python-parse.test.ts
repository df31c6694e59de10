import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BlockInput } from '../../../src/model/block-task.ts';
import { testInterpreter } from '../../support/python.ts';
import { outputRows, type SqlWorkshop, sqlWorkshop } from './sql-block.ts';

const python = await testInterpreter();
let shop: SqlWorkshop;

beforeAll(async () => {
  shop = await sqlWorkshop();
});
afterAll(() => shop.close());

const numbers = (): BlockInput => {
  const path = join(shop.folder, 'numbers.json');
  writeFileSync(path, JSON.stringify({ low: 1, names: ['apple', 'fig'] }));
  return {
    block: 'numbers',
    blockType: 'data_loader',
    language: 'python',
    outputs: [{ name: 'output_0', kind: 'json', path, rows: null, columns: null, bytes: null }],
  };
};

describe.skipIf(python.skip)(`block_output with a lambda${python.skip ? ` (skipped: ${python.skip})` : ''}`, () => {
  it.each([
    ["{{ block_output('numbers', parse=lambda data, variables: data['low'] + variables['add']) }}", 3],
    ["'{{ block_output('numbers', parse=lambda data, vars: ', '.join(n for n in data['names'])) }}'", 'apple, fig'],
    ['{{ block_output(parse=lambda data, vars: len(data)) }}', 2],
    ["{{ block_output('few', parse=lambda data, _: int(data['n'].sum())) }}", 3],
  ])('runs %s in Python', async (expression, expected) => {
    const few = await shop.run('SELECT n FROM generate_series(1, 2) AS n', {
      block: 'few',
      configuration: { export_write_policy: 'replace' },
    });
    const inputs = [
      numbers(),
      { block: 'few', blockType: 'data_loader', language: 'sql', outputs: few.result.outputs },
    ];
    const run = await shop.raw(`SELECT ${expression} AS v`, { inputs, variables: { add: 2 } });
    expect(await outputRows(run)).toEqual([[expected]]);
  });

  it('inserts the data itself when the lambda fails, as Mage does, with an error in the log', async () => {
    const call = "{{ block_output('numbers', parse=lambda data, variables: data['nope']) }}";
    const sql = `SELECT 1;\nSELECT $q$${call}$q$ AS v`;
    const run = await shop.raw(sql, { inputs: [numbers()] });
    expect(await outputRows(run)).toEqual([["{'low': 1, 'names': ['apple', 'fig']}"]]);
    expect(run.log.join('\n')).toMatch(/error: block-output: line 2: the lambda failed \(KeyError: 'nope'\)/);
  });
});
