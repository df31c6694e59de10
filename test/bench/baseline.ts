import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { TaxiPlace } from './taxi-place.ts';

/** The version line of psql, null if there is none on the PATH. */
export const psqlVersion = (): string | null => {
  const { status, stdout } = spawnSync('psql', ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
};

/** Milliseconds that `psql \copy` of the plain CSV takes; without psql a COPY of the same bytes from Node, which is no slower. */
export const copyByPsql = async ({ config, plain, client }: TaxiPlace): Promise<number> => {
  const columns = `ny_taxi.baseline from ${quoted(plain)} with (format csv, header)`;
  if (psqlVersion() === null) {
    const { from } = await import('pg-copy-streams');
    const started = performance.now();
    await pipeline(
      createReadStream(plain, { highWaterMark: 64 * 1024 }),
      client.query(from('COPY ny_taxi.baseline FROM STDIN WITH (FORMAT csv, HEADER)')),
    );
    return performance.now() - started;
  }
  const started = performance.now();
  const args = [
    '-X',
    '-q',
    '-v',
    'ON_ERROR_STOP=1',
    '-h',
    config.host,
    '-p',
    String(config.port),
    '-U',
    config.user,
    '-d',
    config.database,
    '-c',
    `\\copy ${columns}`,
  ];
  const child = spawn('psql', args, {
    env: { ...process.env, PGPASSWORD: config.password },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`psql ended with ${code}`);
  return performance.now() - started;
};

const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`;
