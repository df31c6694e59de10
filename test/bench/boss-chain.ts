import type { PgBoss } from 'pg-boss';
import type { ConnectionConfig } from '../../src/model/connection-config.ts';
import { databaseUrl } from '../../src/postgres/database-url.ts';

export type BossChain = { run(steps: number): Promise<number>; stop(): Promise<void> };

/** A chain on pg-boss alone: fetch, complete, send the next; nothing is recorded in between and nothing is done. `run` answers ms a step. */
export const openBossChain = async (config: ConnectionConfig): Promise<BossChain> => {
  const { PgBoss } = await import('pg-boss');
  const boss: PgBoss = new PgBoss({
    connectionString: databaseUrl(config, { mask: false }),
    supervise: false,
    schedule: false,
  });
  boss.on('error', () => {});
  await boss.start();
  await boss.createQueue('chain');
  return {
    run: async (steps) => {
      await boss.send('chain', { step: 0 });
      const started = performance.now();
      for (let step = 0; step < steps; step += 1) {
        const [job] = await boss.fetch('chain');
        await boss.complete('chain', job!.id);
        if (step + 1 < steps) await boss.send('chain', { step: step + 1 });
      }
      return (performance.now() - started) / steps;
    },
    stop: () => boss.stop({ graceful: false }),
  };
};
