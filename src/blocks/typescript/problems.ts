import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BlockTask } from '../../model/block-task.ts';
import type { BlockError } from '../../model/run.ts';
import { messageOf, WandError } from '../../problem/wand-error.ts';
import { diskFull } from './disk-full.ts';

type Place = { file: string; line: number };

/** What was thrown, as the failure pane shows it: message, then the user's file and line. */
export const blockErrorOf = (problem: unknown, task: BlockTask): BlockError => {
  const full = diskFull(problem, task.outputFolder);
  if (full) return blockErrorOf(full, task);
  const stack = problem instanceof Error ? (problem.stack ?? '') : '';
  const place = syntaxPlace(problem, stack) ?? userPlace(stack, task);
  if (problem instanceof WandError) {
    const file = problem.file ?? place?.file ?? null;
    const line = problem.file === undefined ? (place?.line ?? null) : (problem.line ?? null);
    return {
      type: problem.code,
      message: problem.message,
      file,
      line,
      traceback: userTrace(stack, task),
      fix: problem.fix ?? null,
    };
  }
  return {
    type: nameOf(problem),
    message: messageOf(problem) || 'the block failed without a message',
    file: place?.file ?? task.file,
    line: place?.line ?? null,
    traceback: userTrace(stack, task),
    fix: null,
  };
};

const nameOf = (problem: unknown): string =>
  problem instanceof Error ? problem.name || problem.constructor.name : `thrown ${typeof problem}`;

/** A syntax error has no frame in the file; its stack begins with `path:line`. */
const syntaxPlace = (problem: unknown, stack: string): Place | null => {
  if (!(problem instanceof SyntaxError)) return null;
  const head = /^(?:file:\/\/)?(\/[^\n]*?):(\d+)$/m.exec(stack.split('\n').slice(0, 3).join('\n'));
  if (!head) return null;
  const file = head[0].startsWith('file:') ? fileURLToPath(`file://${head[1]}`) : head[1]!;
  return existsSync(file) ? { file, line: Number(head[2]) } : null;
};

/** The first frame in the block's own file, else in the project. */
export const userPlace = (stack: string, task: BlockTask): Place | null => {
  const places = frames(stack);
  return places.find(({ file }) => file === task.file) ?? places.find(({ file }) => isUsers(file, task)) ?? null;
};

const frames = (stack: string): Place[] =>
  [...stack.matchAll(/^\s+at .*?(file:\/\/[^\s)]+|\/[^\s:)]+):(\d+):\d+\)?$/gm)].map(([, file, line]) => ({
    file: pathOf(file!),
    line: Number(line),
  }));

const pathOf = (file: string): string => {
  if (!file.startsWith('file:')) return file;
  try {
    return fileURLToPath(file);
  } catch {
    return file;
  }
};

const isUsers = (file: string, { projectPath }: BlockTask): boolean => {
  const below = relative(projectPath, file);
  return below !== '' && !below.startsWith('..') && !below.startsWith('node_modules');
};

/** The user's part of the stack, with paths as the user writes them; null if none of it is the user's. */
const userTrace = (stack: string, task: BlockTask): string | null => {
  const lines = stack.split('\n');
  const isFrame = (line: string): boolean => /^\s+at /.test(line);
  const isUserFrame = (line: string): boolean =>
    frames(line).some(({ file }) => file === task.file || isUsers(file, task));
  if (!lines.some(isUserFrame)) return null;
  return lines
    .filter((line) => !isFrame(line) || isUserFrame(line))
    .join('\n')
    .replace(/file:\/\/[^\s):]+/g, pathOf);
};
