import type pg from 'pg';
import { type PlaceDatabases, placeDatabases } from '../support/place-databases.ts';
import { type Surroundings, surroundings } from '../support/program.ts';
import { type Killer, startKiller } from './killer.ts';
import { planStorm, type StormPlan } from './plan.ts';
import { seeded } from './random.ts';
import { makeTables, writeStorm } from './storm-project.ts';
import { type Verdict, verify } from './verify.ts';

export type StormOptions = {
  seed: number;
  blocks: number;
  /** Interpreter for Python blocks; null: there are none. */
  python: string | null;
  /** Kills from outside. */
  mostKills?: number;
};
export type StormReport = Verdict & {
  seed: number;
  /** Workers killed from outside. */
  kills: ReturnType<Killer['kills']>;
  /** `wand run` commands that ended by SIGKILL, from outside or at a crash point. */
  commandsKilled: number;
  seconds: number;
};

/** Share of blocks whose worker dies at each of the three moments of crash-point.ts. */
const crashShare = 0.05;
/** A round of 300 blocks takes about a minute on two cores; one that takes this long has lost something. Milliseconds. */
const patience = 900_000;

/**
 * One round: random pipelines run detached and in the foreground, while their workers are killed with SIGKILL, from outside at any moment and
 * from inside between the commit of the data and that of the state. No wand command runs until all runs have ended.
 */
export const storm = async ({
  seed,
  blocks,
  python,
  mostKills = Number.POSITIVE_INFINITY,
}: StormOptions): Promise<StormReport> => {
  const began = Date.now();
  const place = await surroundings();
  let databases: PlaceDatabases | undefined;
  try {
    if (python) place.environment.WAND_PYTHON = python;
    place.environment.WAND_TEST_CRASH = `${seed}:${crashShare}`;
    const plan = planStorm(seed, blocks, python !== null);
    writeStorm(place, plan);
    databases = await placeDatabases(place);
    const { state, data } = databases;
    await data.query(makeTables);
    const second = place.start(['worker', '--concurrency', '3']);
    const commands = await submit(place, plan);
    const killer = startKiller(state, seeded(seed + 1), mostKills);
    try {
      await allEnded(state, plan);
    } finally {
      await killer.stop();
    }
    second.process.kill('SIGTERM');
    const [, ...results] = await Promise.all([second.ended, ...commands.map(({ ended }) => ended)]);
    const verdict = await verify(state, data, plan);
    const commandsKilled = results.filter(({ signal }) => signal === 'SIGKILL').length;
    return {
      ...verdict,
      seed,
      kills: killer.kills(),
      commandsKilled,
      seconds: Math.round((Date.now() - began) / 1000),
    };
  } finally {
    await databases?.close();
    await place.close();
  }
};

/** Detached runs are submitted; those in the foreground are started and live until they end or are killed. */
const submit = async (place: Surroundings, plan: StormPlan) => {
  const commands = plan.pipelines.map(({ uuid, detached }) => ({
    detached,
    ...place.start(['run', `storm/${uuid}`, ...(detached ? ['--detach'] : [])]),
  }));
  await Promise.all(commands.filter(({ detached }) => detached).map(({ ended }) => ended));
  return commands;
};

const allEnded = async (state: pg.Client, plan: StormPlan): Promise<void> => {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    const { rows } = await state.query<{ ended: number }>(
      `select count(*)::int as ended from wand.run where status not in ('initial', 'running')`,
    );
    if (rows[0]!.ended >= plan.pipelines.length) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
