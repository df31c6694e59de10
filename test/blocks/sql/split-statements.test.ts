import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitStatements } from '../../../src/blocks/sql/split-statements.ts';
import { tokenize } from '../../../src/blocks/sql/tokenize.ts';

const texts = (sql: string): string[] => splitStatements(sql).map(({ text }) => text);

describe('splitStatements', () => {
  it.each([
    ['quotes', `SELECT 'a;b''c;' ; SELECT 2`, [`SELECT 'a;b''c;'`, 'SELECT 2']],
    [
      'a literal over lines',
      `INSERT INTO n VALUES ('first;\nsecond');SELECT 1`,
      [`INSERT INTO n VALUES ('first;\nsecond')`, 'SELECT 1'],
    ],
    [
      'backslashes in E strings only',
      String.raw`SELECT E'\';', '\'; SELECT 2`,
      [String.raw`SELECT E'\';', '\'`, 'SELECT 2'],
    ],
    ['names in double quotes', `SELECT 1 AS "a;""b;"; SELECT 2`, [`SELECT 1 AS "a;""b;"`, 'SELECT 2']],
    ['dollar quotes', 'DO $$ BEGIN x; END $$; SELECT 1', ['DO $$ BEGIN x; END $$', 'SELECT 1']],
    ['dollar quotes with a tag', 'SELECT $a$ ; $b$ ; $a$; SELECT 1', ['SELECT $a$ ; $b$ ; $a$', 'SELECT 1']],
    ['dollars in names and parameters', 'SELECT a$b$c, $1; SELECT 2', ['SELECT a$b$c, $1', 'SELECT 2']],
    ['nested comments', 'SELECT 1 /* a /* ; */ ; */, 2; SELECT 3', ['SELECT 1 /* a /* ; */ ; */, 2', 'SELECT 3']],
    ['line comments', 'SELECT 1 -- a; b\n, 2; SELECT 3 -- c;', ['SELECT 1 -- a; b\n, 2', 'SELECT 3']],
    ['quotes in comments', `SELECT 1 -- it's\n; SELECT 2 /* don't */`, [`SELECT 1`, 'SELECT 2']],
    [
      'parentheses',
      'CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2); SELECT 3',
      ['CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)', 'SELECT 3'],
    ],
    [
      'bodies of SQL functions',
      'CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3',
      [
        'CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END',
        'SELECT 3',
      ],
    ],
    ['a BEGIN that is no body', 'BEGIN; SELECT 1; END; SELECT 2', ['BEGIN', 'SELECT 1', 'END', 'SELECT 2']],
    ['empty statements', ';; -- nothing\n; /* */ SELECT 1 ;;', ['/* */ SELECT 1']],
    ['a planner hint', '/*+ SeqScan(t) */ SELECT 1;', ['/*+ SeqScan(t) */ SELECT 1']],
    ['unclosed quotes', `SELECT 1; SELECT 'a; b`, ['SELECT 1', `SELECT 'a; b`]],
    [
      'unicode names and literals',
      `SELECT U&'d\\0061;' AS größe; SELECT 2`,
      [`SELECT U&'d\\0061;' AS größe`, 'SELECT 2'],
    ],
  ])('keeps %s together', (_, sql, expected) => {
    expect(texts(sql)).toEqual(expected);
  });

  it('tells the first line of each statement', () => {
    const sql = '-- head\n\nSELECT 1;\n/* two\nlines */ SELECT\n2; SELECT 3';
    expect(splitStatements(sql).map(({ line }) => line)).toEqual([3, 5, 6]);
  });

  it('tells where each statement begins in the text', () => {
    const sql = ' SELECT 1;\n\tSELECT 2 ; ';
    for (const { text, start } of splitStatements(sql)) expect(sql.slice(start, start + text.length)).toBe(text);
  });
});

const piece = fc.oneof(
  fc.constantFrom(
    ...`' '' E' " $$ $a$ -- /* */ ; ( ) BEGIN ATOMIC END CASE CREATE FUNCTION \n \\ $1 é 😀 U&" ::`.split(' '),
    ' ',
    '\n',
  ),
  fc.string({ maxLength: 4 }),
);
const anySql = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

/** SQL for one value that may hold a `;` anywhere Postgres allows one. */
const literal = fc.oneof(
  fc.string({ maxLength: 8 }).map((text) => `'${text.replaceAll("'", "''")}'`),
  fc.string({ maxLength: 8 }).map((text) => `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`),
  fc.string({ maxLength: 8 }).map((text) => `$q$${text.replaceAll('$', '')};$q$`),
  fc.string({ maxLength: 8 }).map((text) => `1 AS "${text.replaceAll('"', '""')}x"`),
  fc.string({ maxLength: 8 }).map((text) => `1 /* ${text.replaceAll(/[*/]/g, '')}; */`),
  fc.string({ maxLength: 8 }).map((text) => `1 -- ${text.replaceAll(/[\r\n]/g, '')};\n`),
);
const statement = fc.array(literal, { minLength: 1, maxLength: 4 }).map((values) => `SELECT ${values.join(', ')}, 0`);

const isEmpty = (gap: string): boolean =>
  tokenize(gap).every(({ kind, text }) => kind === 'space' || kind === 'comment' || text === ';');

describe('for any text', () => {
  it('the tokens joined are the text', () => {
    fc.assert(
      fc.property(
        anySql,
        (sql) =>
          tokenize(sql)
            .map(({ text }) => text)
            .join('') === sql,
      ),
    );
  });

  it('a statement is a piece of the text, in order, and between them are only blanks, comments and semicolons', () => {
    fc.assert(
      fc.property(anySql, (sql) => {
        let end = 0;
        for (const { text, start } of splitStatements(sql)) {
          expect(sql.slice(start, start + text.length)).toBe(text);
          expect(isEmpty(sql.slice(end, start))).toBe(true);
          end = start + text.length;
        }
        expect(isEmpty(sql.slice(end))).toBe(true);
      }),
    );
  });

  it('statements joined by semicolons are split into just these', () => {
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 5 }), (statements) => {
        expect(texts(statements.join(' ;\n'))).toEqual(statements);
      }),
    );
  });
});
