import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const library = join(import.meta.dirname, '../../../src/blocks/python/lib');

const secondsOf = async (intervals: string[]): Promise<number[]> => {
  const script =
    'import json, sys; from wand_blocks.interval import timedelta_of; print(json.dumps([timedelta_of(t).total_seconds() for t in sys.argv[1:]]))';
  const { stdout } = await promisify(execFile)('python3', ['-c', script, ...intervals], {
    env: { ...process.env, PYTHONPATH: library, PYTHONDONTWRITEBYTECODE: '1' },
  });
  return JSON.parse(stdout) as number[];
};

it('reads intervals of Postgres as psycopg2 does', async () => {
  const day = 86_400;
  expect(await secondsOf(['1 day', '00:00:00', '1 year 2 mons', '-1 days +02:03:00', '3 days -04:05:06.5'])).toEqual([
    day,
    0,
    (365 + 60) * day,
    -day + 2 * 3_600 + 3 * 60,
    3 * day - (4 * 3_600 + 5 * 60 + 6.5),
  ]);
});
