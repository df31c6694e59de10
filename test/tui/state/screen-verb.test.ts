import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { verbs } from '../../../src/cli/verbs/index.ts';
import { shellWords } from '../../../src/engine/client/shell-words.ts';
import { contextNames } from '../../../src/tui/keys/actions.ts';
import { dialogContexts } from '../../../src/tui/keys/keymap.ts';
import type { PlanDialog } from '../../../src/tui/state/dialog.ts';
import { reduce } from '../../../src/tui/state/reduce/reduce.ts';
import { screenLine } from '../../../src/tui/state/screen-verb.ts';
import { type Dialog, initialState, type PaneId, type State } from '../../../src/tui/state/state.ts';
import { FakeSource } from '../../driver/fake-source.ts';
import { taxi } from '../../driver/open.ts';

const panes = Object.keys(contextNames).filter(
  (context) => context !== 'global' && !dialogContexts.includes(context as (typeof dialogContexts)[number]),
) as PaneId[];

const empty = (): State =>
  initialState({ columns: 120, rows: 36 }, 0, { database: 'up', label: 'pg', message: null, workers: 1 });

/** A workbench on a failed run of a pipeline, with a block selected. */
const onRun = async (): Promise<State> => {
  const source = new FakeSource();
  const runId = source.addFailedRun(taxi, 'api_to_postgres', 'transform_taxi_data');
  const pipeline = { projectPath: taxi, pipeline: 'api_to_postgres' };
  const instance = await source.readInstance();
  const snapshot = await source.snapshot(runId);
  return [
    { type: 'instanceLoaded', instance } as const,
    { type: 'pipelineOpened', pipeline, runId } as const,
    { type: 'snapshotLoaded', snapshot } as const,
    { type: 'blockSelected', block: 'load_api_data' } as const,
  ].reduce(reduce, empty());
};

/** Parses a line as the program would, up to its handler; throws what commander finds wrong. */
const parsed = async (line: string): Promise<string> => {
  const [wand, verb, ...rest] = shellWords(line);
  expect(wand).toBe('wand');
  expect(Object.keys(verbs)).toContain(verb);
  const program = new Command('wand')
    .option('--json')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  (await verbs[verb as keyof typeof verbs]())(program);
  const command = program.commands.find((candidate) => candidate.name() === verb)!;
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  let json = false;
  command.action(() => {
    json = command.optsWithGlobals().json === true;
  });
  await program.parseAsync([verb!, ...rest], { from: 'user' });
  expect(json, line).toBe(true);
  return verb!;
};

describe('every screen has a command that prints it as JSON', () => {
  test.each(panes)('%s, on a run and with nothing open', async (focus) => {
    await parsed(screenLine({ ...(await onRun()), focus }));
    await parsed(screenLine({ ...empty(), focus }));
  });

  const request = { projectPath: taxi, pipeline: 'api_to_postgres', from: "o'clock block", variables: { a: 'x y' } };
  const plan: PlanDialog = { kind: 'plan', request, plan: null, trouble: null, rowsNow: new Map(), editing: null };
  test.each([
    ['help', { kind: 'help', filter: '', top: 0 }],
    [
      'tables',
      {
        kind: 'tables',
        id: 1,
        entries: null,
        trouble: null,
        filter: '',
        cursor: 0,
        folded: new Set(),
        unfolded: new Set(),
        details: new Map(),
      },
    ],
    ['palette', { kind: 'palette', id: 1, text: '', cursor: 0, under: null, tables: null }],
    ['plan', plan],
    ['profile', { kind: 'profile', bar: 0 }],
    ['copy', { kind: 'copy' }],
    ['commands', { kind: 'commands', cursor: 0 }],
  ] satisfies [string, Dialog][])('the dialog %s', async (_, dialog) => {
    await parsed(screenLine({ ...(await onRun()), focus: 'data', dialog }));
  });

  test('rows name their order and their condition, a table its profile, an output its name', async () => {
    const state = await onRun();
    const look = { ...state.data.look, sort: { column: 'fare', descending: true }, where: "a = 'x'" };
    const data = { ...state.data, look };
    const output = screenLine({ ...state, focus: 'data', data });
    expect(output).toContain(`wand preview 11 load_api_data --where 'a = '\\''x'\\''' --sort -fare --json`);
    await parsed(screenLine({ ...state, focus: 'data', data }));
    const table = { profile: 'dev', schema: 'ny taxi', table: 't', kind: 'table' as const, rowEstimate: 1, bytes: 1 };
    const line = screenLine({ ...state, focus: 'data', data: { ...data, table } });
    expect(line).toContain("wand preview 'ny taxi.t' --profile dev");
    await parsed(line);
  });
});
