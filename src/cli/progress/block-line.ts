import { visibleText } from '../../draw/visible-text.ts';
import type { BlockRun } from '../../model/run.ts';
import { formatCount, formatDuration, statusGlyph } from '../format.ts';
import { duration } from '../shapes/run.ts';
import { visibleLines } from '../verb.ts';

/** One block of a run as one line: glyph, name, status, rows, duration, attempt. */
export const blockLine = (block: BlockRun, nameWidth: number): string => {
  const facts = [
    block.status === 'completed' && block.reusedFrom
      ? `reused from run ${block.reusedFrom}`
      : block.status.replace('_', ' '),
    block.rows === null ? '' : `${formatCount(block.rows)} rows`,
    block.status === 'initial' || block.status === 'queued' || block.reusedFrom ? '' : formatDuration(duration(block)),
    block.missingTags
      ? `waits for a worker with ${block.missingTags.map((tag) => `--tag ${visibleText(tag)}`).join(' ')}`
      : '',
    block.attempt > 1 ? `attempt ${block.attempt}` : '',
  ].filter((fact) => fact !== '');
  return `${statusGlyph[block.status] ?? '?'} ${visibleText(block.uuid).padEnd(nameWidth)}  ${facts.join(' · ')}`;
};

/** Lines that say why a block failed: message, failed tests, file and line, way out. */
export const errorLines = (block: BlockRun): string[] => {
  if (!block.error) return [];
  const { type, message, file, line, fix } = block.error;
  return [
    `${visibleText(block.uuid)}: ${type}: ${visibleLines(message)}`,
    ...block.tests
      .filter((test) => !test.passed && test.message !== null && !message.includes(test.message))
      .map((test) => `  ${visibleText(test.name)}: ${visibleLines(test.message ?? '')}`),
    ...(file ? [`  at ${visibleText(file)}${line ? `:${line}` : ''}`] : []),
    ...(fix ? [`  ${visibleLines(fix)}`] : []),
  ];
};
