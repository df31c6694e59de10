import fc from 'fast-check';
import { expect, test } from 'vitest';
import { destroyedBy } from '../../../src/blocks/sql/destroyed-by.ts';

const destroying: [sql: string, name: string][] = [
  ['drop table rides.trips', 'rides.trips'],
  ['DROP TABLE IF EXISTS "Rides" . "the trips" CASCADE', 'Rides.the trips'],
  ['drop table "a "" b"', 'a " b'],
  ['drop schema magic', 'magic'],
  ['drop function if exists f(int)', 'f'],
  ['drop index concurrently if exists s.i', 's.i'],
  ['drop extension postgis', 'postgis'],
  ['drop materialized view mv', 'mv'],
  ['drop owned by somebody', 'somebody'],
  ['drop cast (int as text)', 'drop cast'],
  ['truncate only zones', 'zones'],
  ['truncate table zones, trips', 'zones'],
  ['delete from trips', 'trips'],
  ['delete from only trips', 'trips'],
  ['delete from trips where true', 'trips'],
  ['delete from trips where 1 = 1 returning id', 'trips'],
  ['delete from trips using (select 1 where true) x', 'trips'],
  ['update trips set fare = (select 0 where true)', 'trips'],
  ['with old as (select 1 where true) delete from trips', 'trips'],
  ['with gone as (delete from trips returning *) select * from gone where true', 'trips'],
  ['with x as (select 1) update s.trips set fare = 0', 's.trips'],
  ['alter table trips add a int, drop column b', 'trips'],
  ['alter table if exists only s.trips drop constraint c', 's.trips'],
  ['alter materialized view mv drop x', 'mv'],
  ['explain analyze delete from trips', 'trips'],
  ['explain (analyze, buffers) delete from trips', 'trips'],
  ['do $x$ begin drop table trips; end $x$', 'trips'],
  ["do 'begin delete from trips; end'", 'trips'],
  ['do language plpgsql $$ begin if true then truncate trips; end if; end $$', 'trips'],
  ['do $$ begin for r in select 1 loop execute \'drop table "T"\'; end loop; end $$', 'T'],
  ["do $$ begin execute format('drop table %I', x); end $$", 'drop table'],
  ["do $$ begin execute E'drop\\ntable trips'; end $$", 'trips'],
];

const harmless = [
  'select * from trips',
  'delete from trips where id = 1',
  'delete from trips where (id = 1)',
  'update trips set fare = 0 where id = 1',
  "select 'drop table trips'",
  "select $a$ drop table trips $a$, E'\\'; drop table trips --'",
  'select "drop table trips" from "delete from trips"',
  '-- drop table trips\nselect 1',
  '/* truncate /* trips */ drop table trips */ select 1',
  'insert into dropped values (1)',
  'insert into t (delete, update, drop) values (1, 2, 3)',
  'insert into t values (1) on conflict (id) do update set a = 1',
  'select * from (select 1) x for update',
  'create trigger t after update or delete on trips execute function f()',
  'create rule r as on delete to trips do instead (delete from other; select 1)',
  'create function f() returns void begin atomic delete from trips; end',
  'create function f() returns void language sql as $$ drop table trips $$',
  'create table t (a int references b on delete cascade)',
  'grant delete, update, truncate on trips to somebody',
  'alter table trips alter column a drop default, alter column b drop not null',
  'alter table trips add column "drop" int',
  'explain delete from trips',
  'explain delete from trips where id in (select 1)',
  "do $$ begin raise notice 'drop table trips'; end $$",
  'do $$ begin delete from trips where id = 1; end $$',
  'merge into t using s on t.id = s.id when matched then delete',
  'do $$ begin merge into t using s on t.id = s.id when matched then update set a = 1; end $$',
];

test.each(destroying)('%s destroys %s', (sql, name) => expect(destroyedBy(sql)?.name).toBe(name));
test.each(harmless)('%s destroys nothing', (sql) => expect(destroyedBy(sql)).toBeNull());

const anyOf = <Item>(items: readonly Item[]) => fc.constantFrom(...items);

test('each statement is judged by itself, whatever stands beside it', () => {
  fc.assert(
    fc.property(
      fc.array(anyOf(harmless)),
      anyOf(destroying),
      fc.array(anyOf(harmless)),
      (before, [sql, name], after) => {
        expect(destroyedBy([...before, sql, ...after].join(';\n'))?.name).toBe(name);
        expect(destroyedBy([...before, ...after].join(';\n'))).toBeNull();
      },
    ),
  );
});

test('what stands in a literal, a quoted name or a comment is done by nobody', () => {
  const hide = anyOf<(sql: string) => string>([
    (sql) => `select '${sql.replaceAll("'", "''")}'`,
    (sql) => `select E'${sql.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
    (sql) => `select $hidden$${sql}$hidden$`,
    (sql) => `select 1 as "${sql.replaceAll('"', '""')}"`,
    (sql) => `/* ${sql} */ select 1`,
    (sql) => `--${sql.replaceAll('\n', ' ')}\nselect 1`,
  ]);
  fc.assert(
    fc.property(fc.array(anyOf(destroying), { minLength: 1 }), hide, (all, hidden) => {
      expect(destroyedBy(hidden(all.map(([sql]) => sql).join('; ')))).toBeNull();
    }),
  );
});

test('comments and blanks between the words, and capitals, change nothing', () => {
  const gap = anyOf([' ', '\n', '\t ', ' /* ; where */ ', ' -- where id = 1;\n', '/**/']);
  const plain = destroying.filter(([sql]) => /^[a-z. ]+$/.test(sql));
  fc.assert(
    fc.property(
      anyOf(plain),
      fc.array(gap, { minLength: 12, maxLength: 12 }),
      fc.boolean(),
      ([sql, name], gaps, capitals) => {
        const words = sql
          .split(' ')
          .map((word) => (capitals && !name.split('.').includes(word) && word !== name ? word.toUpperCase() : word));
        expect(destroyedBy(words.map((word, index) => word + gaps[index]).join(''))?.name).toBe(name);
      },
    ),
  );
});

test('any text is judged without an error', () => {
  const pieces = anyOf([
    "'",
    '"',
    '$$',
    '$a$',
    '/*',
    '*/',
    '--',
    '(',
    ')',
    ';',
    'do',
    'drop',
    'delete',
    'from',
    'execute',
    'E',
    '\\',
    '\n',
    ' ',
    'x',
  ]);
  fc.assert(
    fc.property(
      fc.array(pieces).map((parts) => parts.join('')),
      (sql) => {
        const found = destroyedBy(sql);
        expect(found === null || found.name.length > 0).toBe(true);
      },
    ),
    { numRuns: 2_000, examples: [['drop("']] },
  );
});
