import fc from 'fast-check';
import { expect, test } from 'vitest';
import { databaseUrl, parseDatabaseUrl } from '../../src/postgres/connect.ts';

test.each([
  ['postgres://me@db', { host: 'db', port: 5432, user: 'me', password: '', database: 'me' }],
  ['postgresql://me:pw@[::1]:5433/x', { host: '::1', port: 5433, user: 'me', password: 'pw', database: 'x' }],
  [
    'postgresql://me:p%40s%2Fs@db/x%20y?sslmode=require&connect_timeout=3',
    { password: 'p@s/s', database: 'x y', sslMode: 'require', connectTimeout: 3 },
  ],
  ['postgresql://me:p@ss/w#rd@db:1/x', { host: 'db', port: 1, password: 'p@ss/w#rd', database: 'x' }],
  ['postgresql://me:50%@db/x', { password: '50%' }],
  ['postgresql:///x?host=/var/run/postgresql&user=me', { host: '/var/run/postgresql', user: 'me', database: 'x' }],
])('reads %s', (url, expected) => {
  expect(parseDatabaseUrl(url, 'WAND_DATABASE_URL')).toMatchObject({ ...expected, origin: 'WAND_DATABASE_URL' });
});

test.each(['mysql://a:top-secret@b/c', 'postgresql://me:top-secret@db:99999/x', 'postgresql://db/x', 'nonsense'])(
  'refuses %s without repeating it',
  (url) => {
    expect(() => parseDatabaseUrl(url, 'WAND_DATABASE_URL')).toThrow(/^WAND_DATABASE_URL /);
    expect(() => parseDatabaseUrl(url, 'WAND_DATABASE_URL')).not.toThrow(/top-secret/);
  },
);

test('what is written is read back', () => {
  const word = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .filter((text) => text.isWellFormed() && !text.includes('\0'));
  const host = fc.constantFrom('db.example.org', '::1', '/run/my socket', '127.0.0.1');
  fc.assert(
    fc.property(host, fc.integer({ min: 1, max: 65_535 }), word, word, word, (host, port, user, password, database) => {
      const config = { host, port, user, password, database, origin: 'test' };
      expect(parseDatabaseUrl(databaseUrl(config, { mask: false }), 'test')).toEqual(config);
    }),
  );
});

test('masks the password', () => {
  const config = { host: 'db', port: 5432, user: 'me', password: 'top-secret', database: 'x' };
  expect(databaseUrl(config, { mask: true })).toBe('postgresql://me:***@db:5432/x');
});
