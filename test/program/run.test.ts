import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Surroundings, surroundings } from '../support/program.ts';
import { until } from '../support/until.ts';
import { linuxTest } from '../support/where.ts';
import { blockChildren, processesOf } from './processes.ts';
import { addSlowProject } from './slow-project.ts';
import { type TestTerminal, wandOnTerminal } from './terminal.ts';

let place: Surroundings;
const opened: TestTerminal[] = [];
const run = (...args: string[]): TestTerminal => {
  const terminal = wandOnTerminal(place, ['run', ...args]);
  opened.push(terminal);
  return terminal;
};

beforeAll(async () => {
  place = await surroundings();
  addSlowProject(place);
});
afterEach(() => Promise.all(opened.splice(0).map((terminal) => terminal.close())));
afterAll(() => place.close());

test('wand run on a terminal redraws its blocks in place and ends with a summary', async () => {
  const terminal = run('taxi/yellow_taxi');
  expect(await terminal.ended).toEqual({ code: 0, signal: 0 });
  await terminal.shows(/run \d+ of yellow_taxi completed in/);
  const lines = terminal.rows().filter((line) => line !== '');
  expect(lines).toHaveLength(8);
  expect(lines.filter((line) => /^ {2}✓ \w+ +completed · /.test(line))).toHaveLength(7);
  expect(lines.find((line) => line.includes('clean_trips'))).toContain('9,805 rows');
  expect(lines.at(-1)).toMatch(/^run \d+ of yellow_taxi completed in /);
  // It drew more than once, over what it had drawn.
  expect(terminal.output()).toMatch(/\u001b\[7A/);
  expect(terminal.alternate()).toBe(false);
});

linuxTest('ctrl-c cancels a foreground run, exits with 130 and leaves no child of its block', async () => {
  const terminal = run('waiting/slow', '--var', 'wait=60000');
  await until('the child of the block', () => blockChildren(place.home).length > 0);
  await terminal.shows(/● waits +running/);
  terminal.type('\u0003');
  expect(await terminal.ended).toEqual({ code: 130, signal: 0 });
  await terminal.shows(/run \d+ of slow cancelled/);
  expect(terminal.screen()).toContain('cancelling (ctrl-c again leaves at once)');
  await until('no child left', () => blockChildren(place.home).length === 0);
  // What may live on is the background worker with its supervisor, which sleeps between two looks.
  const mayLive = /wand-supervisor|worker --supervised|^sleep 2$/;
  for (const { command } of processesOf(place.home)) expect(command).toMatch(mayLive);
});

linuxTest('ctrl-z suspends a foreground run with its blocks, for longer than a hung one keeps them', async () => {
  place.environment.WAND_HUNG_AFTER = '4';
  // A worker with that patience, which looks for others that hang.
  const watcher = place.start(['worker', '--concurrency', '1', '--tag', 'watches']);
  const state = new pg.Client({ connectionString: place.environment.WAND_DATABASE_URL });
  state.on('error', () => {});
  onTestFinished(async () => {
    watcher.process.kill('SIGTERM');
    await watcher.ended;
    await state.end();
    delete place.environment.WAND_HUNG_AFTER;
  });
  await state.connect();
  const beats = new Set<string>();
  const seenBeats = async (): Promise<number> => {
    const { rows } = await state.query<{ beat: string }>(
      `select last_seen_at::text as beat from wand.worker where 'watches' = any(tags)`,
    );
    for (const { beat } of rows) beats.add(beat);
    return beats.size;
  };
  const terminal = run('waiting/slow', '--var', 'wait=2000');
  await terminal.shows(/● waits +running/);
  process.kill(terminal.pid, 'SIGTSTP');
  await until('it is stopped', () => /^State:\s+T/m.test(readFileSync(`/proc/${terminal.pid}/status`, 'utf8')));
  await until('the watcher', async () => (await seenBeats()) > 0);
  // It tells that it lives every 2 s: eight of them are more than a hung worker has.
  beats.clear();
  await until('the watcher has looked for long', async () => (await seenBeats()) >= 8);
  process.kill(terminal.pid, 'SIGCONT');
  expect(await terminal.ended).toEqual({ code: 0, signal: 0 });
  expect(terminal.output()).toContain('suspended: the run waits for `fg`');
  const { rows } = await state.query(
    `select a.attempt, a.status from wand.attempt a join wand.block_run b on b.id = a.block_run_id
     where b.run_id = (select max(id) from wand.run) order by b.position`,
  );
  expect(rows).toEqual([
    { attempt: 1, status: 'completed' },
    { attempt: 1, status: 'completed' },
  ]);
});

test('a foreground run whose terminal is closed is ended by the background worker', async () => {
  const terminal = run('waiting/slow');
  await terminal.shows(/● waits +running/);
  terminal.hangUp();
  await terminal.ended;
  await until('the end of the run', async () => {
    const { stdout } = await place.wand(['runs', 'waiting/slow', '--json']);
    return (JSON.parse(stdout) as { runs: { status: string }[] }).runs[0]?.status === 'completed';
  });
});
