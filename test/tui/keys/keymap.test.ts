import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actions } from '../../../src/tui/keys/actions.ts';
import { firstConflict, parseKeymap } from '../../../src/tui/keys/keymap.ts';
import { FakeSource } from '../../driver/fake-source.ts';
import { workbench } from '../../driver/open.ts';

const parse = (text: string) => parseKeymap(text, '/home/me/keys.yaml', actions);
const messages = (text: string): string[] => parse(text).problems.map(({ line, message }) => `${line}: ${message}`);

describe('keys.yaml', () => {
  test('gives actions other keys, one or several, or none', () => {
    const { keymap, problems } = parse('run.start: ctrl-x\ntree.down: [s, down]\nscreen.suspend: []\nrun.failed: f4\n');
    expect(problems).toEqual([]);
    expect(Object.fromEntries(keymap)).toEqual({
      'run.start': ['ctrl-x'],
      'tree.down': ['s', 'down'],
      'screen.suspend': [],
      'run.failed': ['f4'],
    });
  });

  test('two actions may trade keys', () => {
    expect(parse('run.start: R\nrun.from: r\n').problems).toEqual([]);
  });

  test('names file and line of what is wrong, and leaves only that out', () => {
    expect(messages('run.strat: r\n\nrun.cancel: ctrl-i\nrun.start: {a: 1}\nquit: q\nhelp.open: f2\n')).toEqual([
      '1: there is no action run.strat',
      '3: run.cancel: no key is called ctrl-i',
      '4: run.start: expected a key or a list of keys',
      '5: quit stays on ctrl-c',
    ]);
    expect(parse('run.strat: r\nhelp.open: f2\n').keymap.get('help.open')).toEqual(['f2']);
    expect(messages('- r\n')).toEqual(['1: expected a mapping of action ids to keys']);
    expect(messages('run.start: [r\n')[0]).toMatch(/^\d+: /);
  });

  test('refuses a key with two meanings at once, naming both', () => {
    const { keymap, problems } = parse('\nrun.cancel: j\n');
    expect(problems[0]).toMatchObject({ file: '/home/me/keys.yaml', line: 2 });
    expect(problems[0]!.message).toMatch(/^j means tree\.down and run\.cancel at the same time/);
    expect(keymap.has('run.cancel')).toBe(false);
    expect(firstConflict(actions, keymap)).toBeNull();
  });

  test('whatever is written, no key means two things at once, and every entry is taken or reported', () => {
    const entry = fc.tuple(
      fc.constantFrom(...actions.map(({ id }) => id)),
      fc.constantFrom('j', 'r', 'x', 'f4', 'ctrl-x', 'enter', '/'),
    );
    fc.assert(
      fc.property(fc.uniqueArray(entry, { maxLength: 12, selector: ([id]) => id }), (entries) => {
        const { keymap, problems } = parse(entries.map(([id, key]) => `${id}: ${JSON.stringify(key)}\n`).join(''));
        expect(firstConflict(actions, keymap)).toBeNull();
        expect(keymap.size + problems.length).toBe(entries.length);
      }),
    );
  });

  test('the built-in table has no conflict', () => expect(firstConflict(actions, new Map())).toBeNull());

  test('works in the dispatcher, the footer and the help; what is wrong is said at the start', async () => {
    const source = new FakeSource();
    const keys = parse('run.start: ctrl-p\npalette.open: ":"\n');
    expect(keys.problems).toEqual([]);
    const driver = workbench(source, { keys });
    await driver.expectFooter('ctrl-p run');
    await driver.press('r');
    await driver.expectFooter('r does nothing here');
    await driver.press('ctrl-p');
    await driver.expectFooter('run 11 started');
    const without = workbench(source, { keys: parse('palette.open: []\nrun.from: []\n') });
    await without.expectFooter('r run  x cancel');
    expect(without.footer()).not.toContain('command');
    const broken = workbench(source, { keys: parse('nothing: x\n') });
    await broken.expectFooter('/home/me/keys.yaml:1: there is no action nothing');
  });
});
