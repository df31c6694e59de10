import type { BlockChange, Changed, FileChange, RunChanges } from '../model/run-changes.ts';

/** One line of what two runs differ in; not yet safe to print. */
export type ChangeLine = { text: string; kind: 'head' | 'fact' | 'context' | 'place' | 'added' | 'removed' };

/** Variables, settings and edges of blocks, then the files with their unified diffs. At least one line. */
export const changeLines = (changes: RunChanges): ChangeLine[] => {
  const { left, right, executionDate, variables, blocks, files } = changes;
  const facts = [
    ...(executionDate ? [fact(`execution date ${executionDate.left} → ${executionDate.right}`)] : []),
    ...variables.map((variable) => fact(`variable ${valueChange(variable)}`)),
    ...blocks.flatMap(blockLines),
  ];
  const head: ChangeLine = { text: `code and settings, run ${left} → run ${right}`, kind: 'head' };
  if (files === null) return [head, ...facts, fact('one of the runs has kept no code: its files cannot be compared')];
  if (facts.length === 0 && files.length === 0) return [head, fact('code, settings and variables are the same')];
  if (files.length === 0) return [head, ...facts, fact('the code is the same')];
  return [head, ...facts, ...files.flatMap(fileLines)];
};

const fact = (text: string): ChangeLine => ({ text: `  ${text}`, kind: 'fact' });

const blockLines = ({ block, change, upstream, settings }: BlockChange): ChangeLine[] => {
  if (change !== 'changed') return [fact(`block ${block} ${change}`)];
  const names = (list: readonly string[]): string => (list.length === 0 ? 'nothing' : list.join(', '));
  return [
    ...(upstream ? [fact(`block ${block} reads ${names(upstream.left)} → ${names(upstream.right)}`)] : []),
    ...settings.map((setting) => fact(`block ${block} ${valueChange(setting)}`)),
  ];
};

const valueChange = (changed: Changed): string =>
  `${changed.name}: ${'left' in changed ? valueText(changed.left) : 'not there'} → ${'right' in changed ? valueText(changed.right) : 'gone'}`;

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const fileLines = ({ path, change, blocks, patch }: FileChange): ChangeLine[] => {
  const of = blocks.length === 0 ? '' : ` (${blocks.join(', ')})`;
  if (patch === null) return [fact(`${path} ${change}`)];
  const head = fact(`${path} ${change}${of}`);
  const names = [`--- ${change === 'added' ? '/dev/null' : path}`, `+++ ${change === 'removed' ? '/dev/null' : path}`];
  return [
    head,
    ...names.map((text): ChangeLine => ({ text, kind: 'context' })),
    ...patch.flatMap((line) => line.split('\n')).map((text): ChangeLine => ({ text, kind: kindOf(text) })),
  ];
};

const kindOf = (text: string): ChangeLine['kind'] =>
  text.startsWith('@@') ? 'place' : text.startsWith('+') ? 'added' : text.startsWith('-') ? 'removed' : 'context';
