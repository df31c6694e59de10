import { test } from 'vitest';

/** A test for some machines only: elsewhere it is skipped, and its title says why. */
export const testWhere =
  (holds: boolean, needs: string) =>
  (title: string, work: () => Promise<void> | void): void =>
    test.skipIf(!holds)(`${title}${holds ? '' : ` (skipped: it needs ${needs})`}`, work);

const isLinux = process.platform === 'linux';

/** For what looks into /proc or writes to /dev/full. */
export const linuxTest = testWhere(isLinux, '/proc and /dev as Linux has them');

export const rootTest = testWhere(isLinux && process.getuid?.() === 0, 'root on Linux');
