import { describe, expect, it } from 'vitest';
import { uploadedNames } from '../../../src/blocks/sql/column-names.ts';
import { foldName } from '../../../src/blocks/sql/folded-name.ts';
import { cleanName, defaultTable, dottedName } from '../../../src/blocks/sql/table-names.ts';

describe('names of tables', () => {
  it.each([
    ['names', 'custom_table', 'names_custom_table_v1'],
    ['names', '2nd-Block', 'names_letter_2nd_block_v1'],
    ['names', 'nested/inner', 'names_nested_inner_v1'],
    [null, 'load', 'load_v1'],
    [
      'long_name',
      'a_rather_long_block_name_that_goes_past_the_limit_of_postgres_identifiers',
      'long_name_a_rather_long_block_name_that_goes_past_the_limit_of_',
    ],
  ])('%s + %s is %s', (pipeline, block, expected) => {
    expect(defaultTable(pipeline, block)).toBe(expected);
  });

  it('folds as the server does: ASCII letters only, quoted names as they stand, 63 bytes and no half letters', () => {
    expect(foldName('My_Table')).toBe('my_table');
    expect(foldName('GRÖSSE')).toBe('grÖsse');
    expect(foldName('"My ""Table"""')).toBe('My "Table"');
    expect(foldName(`a${'é'.repeat(40)}`)).toBe(`a${'é'.repeat(31)}`);
  });

  it('reads dotted names of one to three parts', () => {
    expect(dottedName('uploaded')).toEqual({ schema: null, table: 'uploaded' });
    expect(dottedName('Sales.uploaded')).toEqual({ schema: 'sales', table: 'uploaded' });
    expect(dottedName('db.sales."A.b"')).toEqual({ schema: 'sales', table: 'A.b' });
  });

  it('cleans names as Mage does', () => {
    expect(['a/b c', 'taxi-data.v2', '2nd block', 'Größe'].map(cleanName)).toEqual([
      'a_b_c',
      'taxi_data_v2',
      'letter_2nd_block',
      'größe',
    ]);
  });
});

describe('names of uploaded columns', () => {
  it('are cleaned, and `_` is put before reserved words', () => {
    expect(uploadedNames(['Id', 'Item Name', 'order', '1st', 'city'], 'load')).toEqual([
      'id',
      'item_name',
      '_order',
      'letter_1st',
      'city',
    ]);
  });

  it('may not come out the same', () => {
    expect(() => uploadedNames(['a b', 'A-B'], 'load')).toThrow(/a b and A-B of block load would both be named a_b/);
  });
});
