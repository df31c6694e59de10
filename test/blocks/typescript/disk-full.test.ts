import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { diskFull } from '../../../src/blocks/typescript/disk-full.ts';
import { openDuckDb } from '../../../src/data/duckdb.ts';
import { linuxTest } from '../../support/where.ts';

// /dev/full answers every write as a full disk does.
const thrownBy = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
  } catch (problem) {
    return problem;
  }
  throw new Error('nothing was thrown');
};

linuxTest('knows a full disk from Node and from DuckDB, and names the place and what is left', async () => {
  const node = diskFull(await thrownBy(() => writeFileSync('/dev/full', 'x'.repeat(100_000))), tmpdir());
  expect(node).toMatchObject({
    code: 'disk-full',
    message: expect.stringMatching(/no space left to write .* \([\d.]+ MB free\)/),
  });
  const duckdb = await openDuckDb();
  const problem = await thrownBy(() =>
    duckdb.connection.run(`COPY (FROM range(1000000)) TO '/dev/full' (FORMAT parquet)`),
  );
  duckdb.close();
  expect(diskFull(problem, tmpdir())).toMatchObject({
    code: 'disk-full',
    message: expect.stringContaining('/dev/full'),
  });
});

it('tells the disk of the database server from ours, and leaves other errors alone', () => {
  const server = Object.assign(new Error('could not extend file "base/5/16384": No space left on device'), {
    code: '53100',
  });
  expect(diskFull(server, tmpdir())).toMatchObject({ code: 'database-disk-full' });
  expect(diskFull(new Error('division by zero'), tmpdir())).toBeNull();
});
