import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { surroundings } from '../support/program.ts';
import { eventually } from './eventually.ts';
import { planStorm } from './plan.ts';
import { verify } from './verify.ts';
import { makeTables, writeStorm } from './write-project.ts';

/** Debian's package libfaketime; WAND_TEST_FAKETIME may name it elsewhere. */
const library = [
  process.env.WAND_TEST_FAKETIME ?? '',
  ...['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`),
].find((path) => existsSync(path));

test.skipIf(!library)(
  `a worker whose clock jumps a day ahead and two back loses and doubles nothing${library ? '' : ' (skipped: the Debian package libfaketime is not installed)'}`,
  async () => {
    const place = await surroundings();
    const [state, data] = [place.environment.WAND_DATABASE_URL, place.environment.WAND_TEST_DATA_URL].map(
      (connectionString) => new pg.Client({ connectionString }),
    ) as [pg.Client, pg.Client];
    try {
      // Timers go by the steady clock, which a jump of the wall clock does not touch.
      const clock = join(place.root, 'clock');
      writeFileSync(clock, '+0\n');
      Object.assign(place.environment, {
        LD_PRELOAD: library,
        FAKETIME_TIMESTAMP_FILE: clock,
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
        DONT_FAKE_MONOTONIC: '1',
      });
      const plan = planStorm(3, 80, false);
      writeStorm(place, plan);
      await place.wand(['runs']);
      await Promise.all([state.connect(), data.connect()]);
      await data.query(makeTables);
      const second = place.start(['worker', '--concurrency', '2']);
      for (const { uuid } of plan.pipelines) await place.wand(['run', `storm/${uuid}`, '--detach']);
      const said = async (off: string): Promise<boolean> =>
        (await state.query(`select from wand.log_chunk c, jsonb_array_elements(c.lines) as l(line) where ${off}`))
          .rowCount! > 0;
      writeFileSync(clock, '+1d\n');
      await eventually('a line from tomorrow', () =>
        said(`(l.line->>0)::timestamptz > clock_timestamp() + interval '12 hours'`),
      );
      writeFileSync(clock, '-1d\n');
      await eventually('a line from yesterday', () =>
        said(`(l.line->>0)::timestamptz < clock_timestamp() - interval '12 hours'`),
      );
      await eventually('the end', async () => {
        const { rowCount } = await state.query("select from wand.run where status not in ('initial', 'running')");
        return rowCount === plan.pipelines.length;
      });
      const verdict = await verify(state, data, plan);
      // Nobody was taken for dead or hung because of it.
      expect(verdict).toMatchObject({ problems: [], lost: 0 });
      second.process.kill('SIGTERM');
      await second.ended;
    } finally {
      await Promise.all([state.end(), data.end()]);
      await place.close();
    }
  },
);
