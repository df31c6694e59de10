import { expect, test } from 'vitest';
import { destroyedBy } from '../../../src/tui/state/destroys.ts';

test.each([
  ['drop table rides.trips', 'rides.trips'],
  ['DROP TABLE IF EXISTS "Rides" . "the trips" CASCADE', 'Rides.the trips'],
  ['select 1; truncate only zones', 'zones'],
  ['delete from trips', 'trips'],
  ['delete from trips; select 1 where true', 'trips'],
  ['alter table trips add a int, drop column b', 'trips'],
  ['drop schema magic', 'magic'],
])('%s destroys %s', (sql, name) => expect(destroyedBy(sql)?.name).toBe(name));

test.each([
  'select * from trips',
  'delete from trips where id = 1',
  "select 'drop table trips'",
  '-- drop table trips\nselect 1',
  '/* truncate trips */ select 1',
  'do $x$ drop table trips $x$',
  'insert into dropped values (1)',
])('%s destroys nothing', (sql) => expect(destroyedBy(sql)).toBeNull());
