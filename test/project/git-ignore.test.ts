import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeFiles } from '../../src/project/code-files.ts';

const hasGit = (() => {
  try {
    return execFileSync('git', ['--version']).length > 0;
  } catch {
    return false;
  }
})();

const paths = [
  'a.py',
  'b.log',
  'x/a.py',
  'x/b.log',
  'x/y/a.py',
  'x/y/z/b.log',
  'build/a.py',
  'x/build/a.py',
  'a b.txt',
  '#c.py',
  '[d].py',
  'x/yy/e1.py',
];
const patterns = [
  ...[
    '*.py',
    '*.log',
    '!a.py',
    '!*.log',
    'x/',
    '/x/y',
    'x/y/',
    'build',
    'build/',
    '/build',
    '**/y',
    'x/**',
    'x/**/a.py',
    '**/build/*',
  ],
  ...[
    'a?b.txt',
    '[ab].*',
    '[!a].py',
    '\\#c.py',
    '#c.py',
    '\\[d\\].py',
    'e[0-9].py',
    '*',
    '!/x',
    '!x/y/a.py',
    'x/*/a.py',
    'b.log  ',
    '/*.py',
    'y*/',
  ],
];

/** The same numbers for the same seed. */
const random = (seed: number) => {
  let state = seed * 2_654_435_761 + 1;
  return (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
};

describe.skipIf(!hasGit)(`what git would ignore${hasGit ? '' : ' (skipped: it needs git)'}`, () => {
  const seeds = Number(process.env.WAND_SEEDS ?? 10);
  test(`is what git says, for ${seeds} sets of patterns`, { timeout: 600_000 }, () => {
    let ignored = 0;
    for (let seed = 1; seed <= seeds; seed += 1) {
      const pick = random(seed);
      const some = () => Array.from({ length: 1 + pick(4) }, () => patterns[pick(patterns.length)]!);
      const ignores = new Map([['.gitignore', some()], ...(pick(2) ? [['x/.gitignore', some()] as const] : [])]);
      const folder = mkdtempSync(join(tmpdir(), 'wand-test-'));
      for (const path of paths) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), 'text');
      }
      for (const [path, lines] of ignores) writeFileSync(join(folder, path), `${lines.join('\n')}\n`);
      const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' });
      git('init', '-q');
      const wanted = git(
        '-c',
        'core.quotePath=false',
        '-c',
        'core.excludesFile=/dev/null',
        'ls-files',
        '-o',
        '-z',
        '--exclude-standard',
      )
        .split('\0')
        .filter(Boolean)
        .sort();
      const programs = paths.filter((path) => path.endsWith('.py') && !wanted.includes(path));
      ignored += programs.length;
      // Of what git ignores, only programs are kept.
      expect(Object.keys(codeFiles(folder)!).sort(), `seed ${seed}: ${JSON.stringify([...ignores])}`).toEqual(
        [...wanted, ...programs].sort(),
      );
      rmSync(folder, { recursive: true });
    }
    expect(ignored).toBeGreaterThan(0);
  });
});
