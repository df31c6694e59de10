import { describe, expect, it } from 'vitest';
import { splitStatements } from '../../../src/blocks/sql/split-statements.ts';
import { kindOf, type StatementKind } from '../../../src/blocks/sql/statement-kind.ts';

const kind = (sql: string): StatementKind => kindOf(splitStatements(sql)[0]!);

describe('kindOf', () => {
  it.each([
    ['CREATE TABLE a (n int)', 'create "a"'],
    ['create unlogged table if not exists S2.T (n int)', 'create "s2"."t"'],
    ['CREATE TEMP TABLE t1 AS SELECT 1', 'create "t1"'],
    ['CREATE TABLE "Mixed" ("A b" int)', 'create "Mixed"'],
    ['INSERT INTO "S"."T" VALUES (1)', 'insert "S"."T"'],
    ['WITH x AS (INSERT INTO log VALUES (1) RETURNING *) INSERT INTO t SELECT * FROM x', 'insert "t"'],
    ['MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE', 'insert "t"'],
    ['UPDATE ONLY fruit SET qty = 1', 'update "fruit"'],
    ['UPDATE fruit AS f SET qty = 1 WHERE id = 1', 'update "fruit"'],
    ['SELECT a INTO TEMP TABLE made FROM t', 'create "made"'],
    ["SELECT 'insert into t'", null],
    ['SELECT (SELECT 1) AS x FROM t', null],
    ['DELETE FROM t', null],
    ['CREATE VIEW v AS SELECT 1', null],
    ['CREATE INDEX i ON t (n)', null],
  ])('finds what %s writes to', (sql, expected) => {
    const { write } = kind(sql);
    expect(write && `${write.action} ${write.table}`).toBe(expected);
  });

  it.each([
    ['VACUUM ANALYZE t', 'VACUUM'],
    ['create database x', 'CREATE DATABASE'],
    ['CREATE UNIQUE INDEX CONCURRENTLY i ON t (n)', 'CONCURRENTLY'],
    ['ALTER SYSTEM SET work_mem = 1', 'ALTER SYSTEM'],
    ["SELECT 'VACUUM'", null],
    ['CREATE INDEX concurrently_made ON t (n)', null],
    ['CREATE TABLE vacuum_log (n int)', null],
  ])('knows that %s refuses a transaction', (sql, expected) => {
    expect(kind(sql).refusesTransaction).toBe(expected);
  });

  it.each([
    ['BEGIN', 'begin'],
    ['START TRANSACTION', 'begin'],
    ['COMMIT WORK', 'commit'],
    ['END', 'commit'],
    ['BEGIN ISOLATION LEVEL SERIALIZABLE', 'transaction'],
    ['ROLLBACK', 'transaction'],
    ['ROLLBACK TO SAVEPOINT a', null],
    ['SAVEPOINT a', null],
  ])('reads %s as transaction control', (sql, expected) => {
    expect(kind(sql).control).toBe(expected);
  });

  it('knows COPY FROM STDIN, and changes of role', () => {
    expect(kind('COPY t (a, b) FROM STDIN WITH (FORMAT csv)').copyFromStdin).toBe(true);
    expect(kind("COPY t FROM '/tmp/stdin'").copyFromStdin).toBe(false);
    expect(kind('SET LOCAL ROLE other').changesRole).toBe(true);
    expect(kind('SET search_path = role').changesRole).toBe(false);
  });
});
