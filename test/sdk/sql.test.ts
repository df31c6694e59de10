import { expect, it } from 'vitest';
import { csv, exportTable, identifier, loader, snakeCase, sql, test } from '../../src/sdk/index.ts';

it('refuses what SQL cannot hold, when the query is written', () => {
  expect(() => sql`select ${undefined as never}`).toThrow(/value 1 is undefined/);
  expect(() => sql`select ${1}, ${{ a: 1 } as never}`).toThrow(/value 2 is a object/);
  expect(() => sql`select ${[['nested']] as never}`).toThrow(/value 1/);
  expect(sql`select ${identifier('a"b')}, ${['x', 1, null]}, ${new Date(0)}, ${csv('x.csv')}`.values).toHaveLength(4);
});

it('says what a maker needs', () => {
  expect(() => csv('')).toThrow(/needs a path or URL/);
  expect(() => csv(undefined as never)).toThrow(/undefined/);
  expect(() => loader('text' as never)).toThrow(/loader\(\.\.\.\) needs a function/);
  expect(() => exportTable(csv('x.csv'), {} as never)).toThrow(/name the table/);
  expect(() => exportTable(csv('x.csv'), { table: 't', ifExists: 'truncate' as never })).toThrow(
    /replace, append or fail/,
  );
  expect(() => test('no function', undefined as never)).toThrow(/needs a name and a function/);
});

it.each([
  ['VendorID', 'vendor_id'],
  ['PULocationID', 'pu_location_id'],
  ['RatecodeID', 'ratecode_id'],
  ['tpep_pickup_datetime', 'tpep_pickup_datetime'],
  ['Trip distance (miles)', 'trip_distance_miles'],
  ['HTTPStatusCode', 'http_status_code'],
  ['1st', '_1st'],
  ['Größe', 'größe'],
  ['--', '_'],
])('snakeCase(%s) is %s', (name, expected) => {
  expect(snakeCase(name)).toBe(expected);
});
