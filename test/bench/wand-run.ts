import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from '../../src/home/package-root.ts';
import type { TaxiPlace } from './taxi-place.ts';

/** Milliseconds. */
export type WandRun = {
  /** From submit to the end of export_trips. */
  toExport: number;
  /** From the start of the command to its end. */
  command: number;
  blocks: { uuid: string; ms: number }[];
};

type RunAnswer = {
  run: { status: string; execution_date: string };
  blocks: { uuid: string; duration_ms: number; finished_at: string; error: { message: string } | null }[];
};

/** `wand run yellow_taxi --json` on the bundle, as a user's shell would start it. */
export const runYellowTaxi = async ({
  home,
  instance,
  packed,
}: Pick<TaxiPlace, 'home' | 'instance' | 'packed'>): Promise<WandRun> => {
  const args = [
    join(packageRoot(), 'dist', 'main.js'),
    'run',
    'yellow_taxi',
    '-C',
    instance,
    '--json',
    '--var',
    `source=${packed}`,
  ];
  const { WAND_DATABASE_URL: _, ...environment } = process.env;
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...environment, WAND_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let answer = '';
  let log = '';
  child.stdout.on('data', (piece: Buffer) => {
    answer += piece;
  });
  child.stderr.on('data', (piece: Buffer) => {
    log += piece;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const command = performance.now() - started;
  if (code !== 0) throw new Error(`wand run ended with ${code}:\n${log}\n${answer}`);
  const { run, blocks } = JSON.parse(answer) as RunAnswer;
  const exported = blocks.find(({ uuid }) => uuid === 'export_trips')!;
  return {
    toExport: Date.parse(exported.finished_at) - Date.parse(run.execution_date),
    command,
    blocks: ['load_trips', 'clean_trips', 'export_trips'].map((uuid) => ({
      uuid,
      ms: blocks.find((block) => block.uuid === uuid)!.duration_ms,
    })),
  };
};
