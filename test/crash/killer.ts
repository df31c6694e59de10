import type pg from 'pg';
import type { Random } from './random.ts';

export type Killer = { kills(): { foreground: number; background: number }; stop(): Promise<void> };

/** Lost attempts from which on a block's worker is spared: at five wand takes the block for the killer, and fails it. */
const spareFrom = 3;

/** Kills a living worker with SIGKILL every now and then (0.3 to 2 s), chosen at random among those at work. */
export const startKiller = (state: pg.Client, random: Random, most: number): Killer => {
  const counts = { foreground: 0, background: 0 };
  let stopped = false;
  const work = async (): Promise<void> => {
    while (!stopped && counts.foreground + counts.background < most) {
      await new Promise((resolve) => setTimeout(resolve, 300 + random.below(1_700)));
      if (stopped) return;
      const victims = await workersAtWork(state);
      if (victims.length === 0) continue;
      const { pid, foreground } = random.pick(victims);
      try {
        process.kill(pid, 'SIGKILL');
        counts[foreground ? 'foreground' : 'background'] += 1;
      } catch {
        // A crash point was faster.
      }
    }
  };
  const done = work();
  return {
    kills: () => ({ ...counts }),
    stop: async () => {
      stopped = true;
      await done;
    },
  };
};

const workersAtWork = async (state: pg.Client): Promise<{ pid: number; foreground: boolean }[]> => {
  const { rows } = await state.query<{ pid: number; foreground: boolean }>(
    `select w.pid, w.foreground from wand.worker w join wand.attempt a on a.worker = w.id and a.status = 'running'
     group by w.id
     having max((select count(*) from wand.attempt l where l.block_run_id = a.block_run_id and l.status = 'lost')) < $1
     order by w.started_at`,
    [spareFrom],
  );
  return rows;
};
