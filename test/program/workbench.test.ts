import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/home/package-root.ts';
import { isAlive } from '../../src/home/process.ts';
import { type Surroundings, surroundings } from '../support/program.ts';
import { until } from '../support/until.ts';
import { processesOf } from './processes.ts';
import { addSlowProject } from './slow-project.ts';
import { openTerminal, type TestTerminal, wandOnTerminal } from './terminal.ts';

let place: Surroundings;
let state: pg.Client;
const opened: TestTerminal[] = [];
const kept = (terminal: TestTerminal): TestTerminal => {
  opened.push(terminal);
  return terminal;
};
const openWorkbench = (path = 'projects', options: Parameters<typeof wandOnTerminal>[2] = {}): TestTerminal =>
  kept(wandOnTerminal(place, [path], { columns: 160, ...options }));

/** Selects the last pipeline of the tree, which is taxi's yellow_taxi, and opens it. */
const openYellowTaxi = async (terminal: TestTerminal): Promise<void> => {
  await terminal.shows('127.0.0.1 ●', 'the connection');
  terminal.type('1G\r');
  await terminal.shows('taxi ▸ yellow_taxi');
};

/** The newest run of a pipeline, asked of the state database. */
const newestRun = async (pipeline: string): Promise<{ id: string; status: string } | undefined> => {
  const text = 'select id::text, status from wand.run where pipeline = $1 order by id desc limit 1';
  return (await state.query<{ id: string; status: string }>(text, [pipeline])).rows[0];
};

beforeAll(async () => {
  place = await surroundings();
  state = new pg.Client({ connectionString: place.environment.WAND_DATABASE_URL });
  await state.connect();
});
afterEach(() => Promise.all(opened.splice(0).map((terminal) => terminal.close())));
afterAll(async () => {
  await state.end();
  await place.close();
});

describe('the workbench on a terminal', () => {
  test('shows tree and graph, runs a pipeline live, and shows its log and its rows', async () => {
    const terminal = openWorkbench();
    await openYellowTaxi(terminal);
    for (const name of ['▾ shop', 'orders_daily', '▾ taxi', 'api_to_postgres'])
      expect(terminal.screen()).toContain(name);
    await terminal.shows(/load_trips ─.*clean_trips ─.*export_trips/, 'the graph');
    expect(terminal.alternate()).toBe(true);

    terminal.type('r');
    await terminal.shows('✓ trips_per_borough', 'the last block done');
    await terminal.shows(/run \d+ ✓ completed in/, 'the run done');
    await terminal.shows(/clean_trips +stored 9,805 rows/, 'a line of the log');
    expect(await newestRun('yellow_taxi')).toMatchObject({ status: 'completed' });

    terminal.type('2gl');
    terminal.type('5');
    await terminal.shows(/clean_trips output_0 · 9,805 rows/, 'the rows of a block');
    await terminal.shows(/ 1 │ +2 │ 2021-01-01 00:28:11 +│ 2021-01-01 00:29:39/, 'its first row');
    expect(terminal.screen()).toMatch(/│ vendor_id │ tpep_pickup_datetime.*\n.*│ +int16 │ timestamp /);
  });

  test('looks into a Postgres table', async () => {
    const terminal = openWorkbench();
    await openYellowTaxi(terminal);
    terminal.type('T');
    // The log names the table too; only the list knows its size.
    await terminal.shows(/yellow_cab_data +[\d.]+ [kM]B/, 'the list of tables');
    terminal.type('yellow_cab\r');
    await terminal.shows(/yellow_cab_data · .*9,805 rows/, 'the rows of the table');
    await terminal.shows(/[▁▂▃▄▅▆▇█]{4}.*│/, 'histograms of its columns');
    terminal.type('F');
    await terminal.shows(/column vendor_id.*[\s\S]*\d NULL · \d distinct/, 'the profile of the first column');
    terminal.type('q');
    terminal.type('lllls');
    await terminal.shows('sorted', 'the rows in another order');
    const file = join(place.root, 'trips.csv');
    terminal.type('E');
    await terminal.shows('─export─', 'the dialog');
    terminal.type(`\u0015${file}\r`);
    await terminal.shows('9,805 rows written to', 'the export');
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(9_807);
  });

  test('asks the database in the console', async () => {
    const terminal = openWorkbench();
    await openYellowTaxi(terminal);
    terminal.type('Q');
    await terminal.shows('SQL dev read-only', 'the console');
    terminal.type('delete from ny_taxi.yellow_cab_data\r');
    await terminal.shows('read-only transaction', 'the refusal');
    terminal.type('\u0015\u000bselect count(*) as trips from ny_taxi.yellow_cab_data\r');
    await terminal.shows(/1 │ +9,805/, 'the answer');
  });

  test('redraws for another size, and says when it is too small', async () => {
    const terminal = openWorkbench();
    await openYellowTaxi(terminal);
    terminal.resize(100, 24);
    await terminal.shows((screen) => {
      const rows = screen.split('\n');
      return rows[23]!.includes('r run') && rows[1]!.length === 100 && rows[22]!.endsWith('╯');
    }, 'a frame of 100x24');
    terminal.resize(30, 8);
    await terminal.shows(/terminal too small\s+30x8/);
    expect(terminal.screen()).not.toContain('yellow_taxi');
    terminal.resize(120, 30);
    await terminal.shows(/load_trips ─.*clean_trips/, 'the graph again');
  });

  test('needs a terminal', async () => {
    const { code, stdout, stderr } = await place.wand([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('needs a terminal');
  });
});

describe('the terminal after the workbench', () => {
  /** A shell that notes the terminal's modes around wand, as a person's shell sees them. */
  const openInShell = (): TestTerminal => {
    const script = 'stty -a > before; "$@"; echo "left with $?"; stty -a > after';
    const args = ['-c', script, 'sh', process.execPath, join(packageRoot(), 'dist', 'main.js'), 'projects'];
    return kept(openTerminal('/bin/sh', args, { columns: 160, directory: place.root, environment: place.environment }));
  };
  const modes = (name: string): string => readFileSync(join(place.root, name), 'utf8');
  const expectRestored = async (terminal: TestTerminal): Promise<void> => {
    await terminal.ended;
    expect(modes('after')).toBe(modes('before'));
    expect(terminal.alternate()).toBe(false);
    // Cursor shown, automatic wrap on, bracketed paste off: the last word on each.
    for (const [mode, final] of [
      ['?25', 'h'],
      ['?7', 'h'],
      ['?2004', 'l'],
      ['?1049', 'l'],
    ] as const) {
      expect(
        terminal
          .output()
          .match(new RegExp(`\\u001b\\[\\${mode}[hl]`, 'g'))
          ?.at(-1),
      ).toBe(`\u001b[${mode}${final}`);
    }
  };

  test('is as before after q, with three lines that say what ran', async () => {
    const terminal = openInShell();
    await openYellowTaxi(terminal);
    await terminal.shows(/run \d+ ✓ completed/);
    await terminal.shows('✓ load_trips', 'the blocks of the run');
    terminal.type('q');
    await expectRestored(terminal);
    expect(terminal.rows().slice(0, 4)).toEqual([
      'taxi / yellow_taxi',
      expect.stringMatching(/^run \d+: completed in .*, 7 of 7 blocks done$/),
      expect.stringMatching(/^back: wand {3}details: wand show \d+$/),
      'left with 0',
    ]);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('is as before after %s', async (signal, code) => {
    const terminal = openInShell();
    await openYellowTaxi(terminal);
    const workbench = processesOf(place.home).find(({ parent }) => parent === terminal.pid);
    process.kill(workbench!.pid, signal);
    await expectRestored(terminal);
    expect(terminal.screen()).toContain(`left with ${code}`);
  });

  test('is as before when q comes before the connection', async () => {
    const terminal = openInShell();
    await terminal.shows('yellow_taxi');
    terminal.type('q');
    await expectRestored(terminal);
    expect(terminal.screen()).toContain('left with 0');
  });
});

describe('a run', () => {
  beforeAll(() => addSlowProject(place));

  test.each([
    ['q', (terminal: TestTerminal) => terminal.type('q')],
    ['kill -9', (terminal: TestTerminal) => terminal.kill('SIGKILL')],
    ['a closed terminal', (terminal: TestTerminal) => terminal.hangUp()],
  ] as const)('survives %s in its middle, and the next start shows it completed', async (_, leave) => {
    const before = Number((await newestRun('slow'))?.id ?? 0);
    const terminal = openWorkbench('projects/waiting');
    await terminal.shows('waiting ▸ slow');
    await terminal.shows('127.0.0.1 ●', 'the connection');
    terminal.type('r');
    await terminal.shows('● waits', 'the block running');
    leave(terminal);
    await until('the workbench gone', () => !isAlive(terminal.pid));
    const left = await newestRun('slow');
    expect(Number(left!.id)).toBeGreaterThan(before);
    expect(left!.status).toBe('running');
    await until('the end of the run', async () => (await newestRun('slow'))?.status === 'completed');

    const next = openWorkbench('projects/waiting');
    await next.shows(new RegExp(`run ${left!.id} ✓ completed`));
    await next.shows('✓ counts');
  });

  test('is watched by several workbenches; a lost line to one is nothing to the other, and a new one attaches to it', async () => {
    const [first, second] = [openWorkbench('projects/waiting'), openWorkbench('projects/waiting')];
    for (const terminal of [first, second]) {
      await terminal.shows('waiting ▸ slow');
      await terminal.shows('127.0.0.1 ●', 'the connection');
    }
    first.type('4r');
    // The other one sees the new run in its list, and opens it.
    await second.shows(/● \d+ /, 'the new run in the list');
    second.type('3g\r');
    for (const terminal of [first, second]) await terminal.shows('● waits', 'the block running');
    first.hangUp();
    await until('the workbench gone', () => !isAlive(first.pid));
    const again = openWorkbench('projects/waiting');
    for (const terminal of [second, again]) await terminal.shows(/run \d+ ✓ completed/);
  });
});
