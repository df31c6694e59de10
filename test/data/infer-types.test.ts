import { join } from 'node:path';
import { expect, it } from 'vitest';
import { postgresTypesOf } from '../../src/data/infer-types.ts';
import { parquetOf, temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const typesOf = async (query: string, options = {}) => {
  const { path } = await parquetOf(query, join(folder, 'types.parquet'));
  return Object.fromEntries((await postgresTypesOf(path!, options)).map(({ name, type }) => [name, type]));
};

it('takes the smallest integer type that holds the values, whatever width they are stored in', async () => {
  expect(
    await typesOf(`SELECT * FROM (VALUES (-32768::BIGINT, 32768::BIGINT, -2147483648::BIGINT, 2147483648::BIGINT, 255::UTINYINT, 18446744073709551615::UBIGINT, NULL::INTEGER),
      (32767, 0, 0, 0, 0, 0, NULL)) t(a, b, c, d, e, f, g)`),
  ).toEqual({ a: 'smallint', b: 'integer', c: 'integer', d: 'bigint', e: 'smallint', f: 'numeric', g: 'integer' });
});

it('maps the other types as Mage does', async () => {
  expect(
    await typesOf(`SELECT 1.5::FLOAT AS f, 1.5::DOUBLE AS d, 1.50::DECIMAL(9,2) AS n, true AS b, now()::TIMESTAMP AS at, now() AS instant, DATE '2024-01-01' AS day,
      TIME '01:02' AS t, 'x' AS s, '\\x00'::BLOB AS raw, [1, 70000] AS numbers, ['a'] AS words, [1.5::DOUBLE] AS floats, {'a': 1} AS pair, [{'a': 1}] AS pairs, [[1]] AS grid`),
  ).toEqual({
    f: 'double precision',
    d: 'double precision',
    n: 'double precision',
    b: 'boolean',
    at: 'timestamp',
    instant: 'timestamptz',
    day: 'date',
    t: 'time',
    s: 'text',
    raw: 'bytea',
    numbers: 'integer[]',
    words: 'text[]',
    floats: 'text[]',
    pair: 'jsonb',
    pairs: 'jsonb',
    grid: 'text[]',
  });
});

it('can keep decimals exact', async () => {
  expect(await typesOf('SELECT 1.50::DECIMAL(9,2) AS n', { decimals: 'exact' })).toEqual({ n: 'numeric(9,2)' });
});

it('leaves out an index that pandas stored without a name', async () => {
  expect(await typesOf('SELECT 1 AS a, 2 AS "__index_level_0__"')).toEqual({ a: 'smallint' });
});
