import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import * as own from '../../src/postgres/scram-crypto.ts';

const require = createRequire(import.meta.url);
/** What it stands for in the bundle. */
const pgs = require(join(dirname(require.resolve('pg')), 'crypto', 'utils.js'));

const hex = async (value: unknown): Promise<string> => Buffer.from((await value) as Uint8Array).toString('hex');
const [salt, key] = [Buffer.from('00ff10ab8899', 'hex'), Buffer.from('a key of some bytes')];

test('has every function that the one of pg has', () => {
  expect(Object.keys(own).toSorted()).toEqual(
    Object.keys(pgs)
      .filter((name) => name !== 'md5')
      .toSorted(),
  );
});

test.each(['secret', 'päss wörd ✓', 'x'.repeat(200)])('answers what the one of pg answers: %s', async (text) => {
  expect(await hex(own.deriveKey(text, salt, 4096))).toBe(await hex(pgs.deriveKey(text, salt, 4096)));
  expect(await hex(own.hmacSha256(key, text))).toBe(await hex(pgs.hmacSha256(key, text)));
  expect(await hex(own.sha256(key))).toBe(await hex(pgs.sha256(key)));
  for (const name of ['SHA-256', 'SHA-384', 'SHA-512'])
    expect(await hex(own.hashByName(name, key))).toBe(await hex(pgs.hashByName(name, key)));
  expect(own.postgresMd5PasswordHash('me', text, salt)).toBe(await pgs.postgresMd5PasswordHash('me', text, salt));
});

test('derives a key once, and another one for another password, salt or number of rounds', async () => {
  const first = own.deriveKey('secret', salt, 4096);
  expect(own.deriveKey('secret', salt, 4096)).toBe(first);
  const others = [
    own.deriveKey('other', salt, 4096),
    own.deriveKey('secret', key, 4096),
    own.deriveKey('secret', salt, 1),
  ];
  expect(new Set(await Promise.all([first, ...others].map(hex))).size).toBe(4);
});

test('random bytes are as many as asked for, and others each time', () => {
  expect(own.randomBytes(18)).toHaveLength(18);
  expect(own.randomBytes(18).equals(own.randomBytes(18))).toBe(false);
});
