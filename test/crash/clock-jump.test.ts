import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type PlaceDatabases, placeDatabases } from '../support/place-databases.ts';
import { surroundings } from '../support/program.ts';
import { until } from '../support/until.ts';
import { planStorm } from './plan.ts';
import { makeTables, writeStorm } from './storm-project.ts';
import { verify } from './verify.ts';

/** Debian's package libfaketime; WAND_TEST_FAKETIME may name it elsewhere. */
const library = [
  process.env.WAND_TEST_FAKETIME ?? '',
  ...['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`),
].find((path) => existsSync(path));

test.skipIf(!library)(
  `a worker whose clock jumps a day ahead and two back loses and doubles nothing${library ? '' : ' (skipped: the Debian package libfaketime is not installed)'}`,
  async () => {
    const place = await surroundings();
    let databases: PlaceDatabases | undefined;
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
      databases = await placeDatabases(place);
      const { state, data } = databases;
      await data.query(makeTables);
      const second = place.start(['worker', '--concurrency', '2']);
      for (const { uuid } of plan.pipelines) await place.ok(['run', `storm/${uuid}`, '--detach']);
      const said = async (off: string): Promise<boolean> =>
        (await state.query(`select from wand.log_chunk c, jsonb_array_elements(c.lines) as l(line) where ${off}`))
          .rowCount! > 0;
      writeFileSync(clock, '+1d\n');
      await until('a line from tomorrow', () =>
        said(`(l.line->>0)::timestamptz > clock_timestamp() + interval '12 hours'`),
      );
      writeFileSync(clock, '-1d\n');
      await until('a line from yesterday', () =>
        said(`(l.line->>0)::timestamptz < clock_timestamp() - interval '12 hours'`),
      );
      await until('the end', async () => {
        const { rowCount } = await state.query("select from wand.run where status not in ('initial', 'running')");
        return rowCount === plan.pipelines.length;
      });
      const verdict = await verify(state, data, plan);
      // Nobody was taken for dead or hung because of it.
      expect(verdict).toMatchObject({ problems: [], lost: 0 });
      second.process.kill('SIGTERM');
      await second.ended;
    } finally {
      await databases?.close();
      await place.close();
    }
  },
);
