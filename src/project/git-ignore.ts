import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** One line of a .gitignore: what it matches, seen from the folder of that file. */
type Rule = { pattern: RegExp; ignores: boolean; foldersOnly: boolean };
type RulesOfFolder = { folder: string; rules: Rule[] };

/** The .gitignore files that hold for a folder, the outermost first. */
export type IgnoreRules = RulesOfFolder[];

/** Rules for a folder of a work tree: its own, and those of its parents up to the one that holds `.git`; none of parents outside a work tree. */
export const ignoreRulesFor = (folder: string): IgnoreRules => {
  const parents: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    parents.unshift(at);
    if (existsSync(join(at, '.git'))) break;
    if (dirname(at) === at) return withFolder([], folder);
  }
  return parents.reduce<IgnoreRules>(withFolder, []);
};

/** The rules for a folder below, which may have a .gitignore of its own. */
export const withFolder = (rules: IgnoreRules, folder: string): IgnoreRules => {
  const own = readRules(join(folder, '.gitignore'));
  return own.length === 0 ? rules : [...rules, { folder, rules: own }];
};

/** Whether git would ignore a path that nobody has added yet; its parents are not ignored. The last rule that matches decides. */
export const isIgnored = (rules: IgnoreRules, path: string, isFolder: boolean): boolean => {
  for (const { folder, rules: own } of rules.toReversed()) {
    const below = relative(folder, path).split(sep).join('/');
    const decisive = own.findLast(({ pattern, foldersOnly }) => (isFolder || !foldersOnly) && pattern.test(below));
    if (decisive) return decisive.ignores;
  }
  return false;
};

const readRules = (file: string): Rule[] => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return text.split(/\r?\n/).flatMap((line) => ruleOf(line) ?? []);
};

const ruleOf = (line: string): Rule | null => {
  const text = line.replace(/(?<!\\)\s+$/, '');
  if (text === '' || text.startsWith('#')) return null;
  const ignores = !text.startsWith('!');
  const glob = text.slice(ignores ? 0 : 1).replace(/^\\(?=[#!])/, '');
  const foldersOnly = glob.endsWith('/');
  const body = foldersOnly ? glob.slice(0, -1) : glob;
  // A slash at the start or in the middle ties a pattern to the folder of its file.
  const anywhere = !body.includes('/');
  try {
    const pattern = new RegExp(`^${anywhere ? '(?:.*/)?' : ''}${patternOf(body.replace(/^\//, ''))}$`, 'u');
    return { pattern, ignores, foldersOnly };
  } catch {
    // Not a pattern that git would take, either.
    return null;
  }
};

const patternOf = (glob: string): string => {
  let pattern = '';
  for (let at = 0; at < glob.length; at += 1) {
    const rest = glob.slice(at);
    const [set] = /^\[!?\]?[^\]/]*\]/.exec(rest) ?? [];
    if (rest.startsWith('**/') && (at === 0 || glob[at - 1] === '/')) {
      pattern += '(?:.*/)?';
      at += 2;
    } else if (rest === '**' && (at === 0 || glob[at - 1] === '/')) {
      pattern += '.*';
      at += 1;
    } else if (rest.startsWith('*')) pattern += '[^/]*';
    else if (rest.startsWith('?')) pattern += '[^/]';
    else if (set) {
      pattern += set.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
      at += set.length - 1;
    } else if (rest.startsWith('\\') && rest.length > 1) {
      pattern += escaped(rest[1]!);
      at += 1;
    } else pattern += escaped(rest[0]!);
  }
  return pattern;
};

const escaped = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
