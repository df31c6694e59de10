import { createHash, createHmac, pbkdf2, randomFillSync } from 'node:crypto';
import { promisify } from 'node:util';

/**
 * What pg's login asks of cryptography, by Node's own library: build.mjs puts this in the place of pg's `crypto/utils`, which loads Web Crypto
 * for it. A process keeps the keys it has derived (4,096 rounds each), so that only its first connection to a server pays for one.
 */
const derive = promisify(pbkdf2);

const mostKeys = 16;
const keys = new Map<string, Promise<Buffer>>();

/** PBKDF2 with SHA-256, 32 bytes; the same promise for the same password, salt and rounds. */
export const deriveKey = (password: string, salt: Uint8Array, iterations: number): Promise<Buffer> => {
  const id = createHash('sha256')
    .update(JSON.stringify([password, Buffer.from(salt).toString('hex'), iterations]))
    .digest('hex');
  const known = keys.get(id);
  if (known) return known;
  const key = derive(password, salt, iterations, 32, 'sha256');
  if (keys.size >= mostKeys) keys.delete(keys.keys().next().value!);
  keys.set(id, key);
  return key;
};

export const hmacSha256 = (key: Uint8Array, message: string): Buffer =>
  createHmac('sha256', key).update(message).digest();

export const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();

/** `name` as Web Crypto writes it, such as `SHA-256`. */
export const hashByName = (name: string, bytes: Uint8Array): Buffer =>
  createHash(name.replace('-', '')).update(bytes).digest();

export const randomBytes = (length: number): Buffer => randomFillSync(Buffer.alloc(length));

/** The answer to the md5 login of old servers. */
export const postgresMd5PasswordHash = (user: string, password: string, salt: Uint8Array): string => {
  const inner = createHash('md5')
    .update(password + user)
    .digest('hex');
  return `md5${createHash('md5').update(inner).update(salt).digest('hex')}`;
};
