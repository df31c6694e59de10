import { expect, test } from 'vitest';
import { editorCommand } from '../../../src/tui/term/editor.ts';

const argsOf = (environment: NodeJS.ProcessEnv, line: number | null): string[] =>
  editorCommand(environment, '/p/a b.py', line).args.slice(3);

test.each([
  [{ EDITOR: 'vim' }, 14, ['+14', '/p/a b.py']],
  [{ EDITOR: '/usr/bin/nano -w' }, 14, ['+14', '/p/a b.py']],
  [{ VISUAL: 'hx', EDITOR: 'vi' }, 14, ['/p/a b.py:14']],
  [{ EDITOR: 'code' }, 14, ['--wait', '--goto', '/p/a b.py:14']],
  [{ EDITOR: 'my-editor' }, 14, ['/p/a b.py']],
  [{ EDITOR: '"/opt/my tools/vim" -R' }, 14, ['+14', '/p/a b.py']],
  [{ EDITOR: "'/opt/my tools/code'" }, 14, ['--wait', '--goto', '/p/a b.py:14']],
  [{ EDITOR: 'vim' }, null, ['/p/a b.py']],
  [{}, 3, ['+3', '/p/a b.py']],
])('%j opens line %s with %j', (environment, line, expected) => {
  expect(argsOf(environment, line)).toEqual(expected);
});

test('an editor with arguments is read by a shell, the file never is', () => {
  const { args } = editorCommand({ EDITOR: 'vim -u NONE' }, '/p/$(touch x).py', 1);
  expect(args.slice(0, 2)).toEqual(['-c', 'vim -u NONE "$@"']);
  expect(args.at(-1)).toBe('/p/$(touch x).py');
});
