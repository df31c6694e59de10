import type { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import { failedRow } from '../../../src/blocks/sql/failed-row.ts';

const rowOf = (error: Partial<DatabaseError>) => failedRow(error as DatabaseError, null);

test.each([
  [{ where: 'COPY trips, line 7, column fare: "x, ""y"' }, 7, [['fare', 'x, ""y']]],
  [{ where: 'COPY trips, line 12, column fare: null input' }, 12, [['fare', null]]],
  [{ where: 'COPY trips, line 3\nSQL statement "..."' }, 3, []],
  [
    { detail: 'Key (a, b)=(1, two) already exists.' },
    null,
    [
      ['a', '1'],
      ['b', 'two'],
    ],
  ],
  [{ detail: 'Key (a, b)=(1, t, wo) already exists.' }, null, [['a, b', '1, t, wo']]],
  [{ detail: 'Key (zone)=(9) is not present in table "zones".' }, null, [['zone', '9']]],
  [{ detail: 'Failing row contains (1, a\nb).', where: 'COPY trips, line 4: "1"' }, null, [['row', '1, a\nb']]],
])('%j', async (error, number, values) => expect(await rowOf(error)).toEqual({ input: null, number, values }));

test('an error that names no row has none', async () => {
  expect(
    await rowOf({
      detail: 'There are 3 other sessions using the database.',
      where: 'PL/pgSQL function f() line 4 at RAISE',
    }),
  ).toBeNull();
  expect(await rowOf({})).toBeNull();
});
