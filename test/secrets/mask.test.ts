import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskSecrets, secretValues } from '../../src/secrets/mask.ts';

test('finds secrets by the name of the variable', () => {
  const environment = {
    POSTGRES_PASSWORD: 'hunter2-long',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI',
    GITHUB_TOKEN: 'ghp_abc',
    OPENAI_API_KEY: 'sk-12345',
    DB_PASS: 'four',
    PWD: '/home/somebody',
    PATH: '/usr/bin',
    KEYBOARD: 'qwertz',
    MONKEY: 'banana',
    SHORT_TOKEN: 'abc',
  };
  expect(secretValues(environment)).toEqual(['wJalrXUtnFEMI', 'hunter2-long', 'sk-12345', 'ghp_abc', 'four']);
});

test('finds the password in a URL, as written and decoded', () => {
  const secrets = secretValues({ WAND_DATABASE_URL: 'postgresql://me:p%40ss%20word@db.example.org:5432/x' });
  expect(secrets).toEqual(['p%40ss%20word', 'p@ss word']);
  expect(maskSecrets('login with p@ss word failed', secrets)).toBe('login with *** failed');
});

test('masks a longer secret before a shorter one inside it', () => {
  const secrets = secretValues({ A_PASSWORD: 'abcd', B_PASSWORD: 'abcd-and-more' });
  expect(maskSecrets('abcd-and-more abcd', secrets)).toBe('*** ***');
});

test('masks each line of a key that has several', () => {
  const secrets = secretValues({ TLS_PRIVATE_KEY: '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END KEY-----' });
  expect(maskSecrets('read MIIEvQIBADANBgkqhkiG9w0B', secrets)).toBe('read ***');
});

test('leaves a password alone that is the user name as well', () => {
  expect(secretValues({ POSTGRES_USER: 'postgres', POSTGRES_PASSWORD: 'postgres' })).toEqual([]);
});

test('no secret is left in any text', () => {
  const secret = fc.string({ minLength: 4, maxLength: 12 }).filter((text) => !/\*|\n|:\/\//.test(text));
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), fc.array(fc.string()), (values, between) => {
      const secrets = secretValues(Object.fromEntries(values.map((value, index) => [`S${index}_PASSWORD`, value])));
      const masked = maskSecrets(values.flatMap((value, index) => [value, between[index] ?? '']).join(' '), secrets);
      expect(secrets.filter((value) => masked.includes(value))).toEqual([]);
    }),
  );
});
