import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectClient } from '../../src/postgres/connect.ts';
import { qualifiedName, quoteIdentifier, quoteLiteral } from '../../src/postgres/identifiers.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  client = await connectClient(database.config, { applicationName: 'test' });
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

const printable = fc
  .string({ unit: 'grapheme', maxLength: 15 })
  .filter((text) => !text.includes('\0') && text.isWellFormed());
const name = printable.filter((text) => text !== '' && Buffer.byteLength(text) <= 63);

test('Postgres reads back every literal, with either reading of backslashes', async () => {
  for (const setting of ['on', 'off']) {
    await client.query(`SET standard_conforming_strings = ${setting}; SET escape_string_warning = off`);
    await fc.assert(
      fc.asyncProperty(fc.oneof(printable, fc.constantFrom("'", '\\', "\\'; DROP", "a\\'b")), async (text) => {
        expect((await client.query(`SELECT ${quoteLiteral(text)} AS text`)).rows).toEqual([{ text }]);
      }),
      { numRuns: 60 },
    );
  }
});

test('Postgres reads back every name', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(name, fc.constantFrom('"', 'a"; DROP', 'Select', '$1')), async (column) => {
      const { fields } = await client.query(`SELECT 1 AS ${quoteIdentifier(column)}`);
      expect(fields[0]!.name).toBe(column);
    }),
    { numRuns: 60 },
  );
});

test('what cannot be a name is refused', () => {
  for (const bad of ['', 'a\0b']) expect(() => quoteIdentifier(bad)).toThrow(/cannot be a name/);
  expect(() => quoteLiteral('a\0b')).toThrow(/zero byte/);
});

test('schema and table are two names', () =>
  expect(qualifiedName({ schema: 'a.b', table: 'c"d' })).toBe('"a.b"."c""d"'));
