import { visibleText } from '../draw/visible-text.ts';
import type { RunSnapshot } from '../model/run.ts';
import { formatDuration, statusGlyph } from './format.ts';
import { blockLine, errorLines } from './progress/block-line.ts';
import { duration } from './shapes/run.ts';

/** A run with its blocks as text on stdout; `next` names what to do next. */
export const printSnapshot = ({ run, blocks }: RunSnapshot, next?: string): void => {
  const width = Math.max(0, ...blocks.map(({ uuid }) => uuid.length));
  const lines = [
    `run ${run.id}  ${visibleText(run.project)}/${visibleText(run.pipeline ?? '(file)')}  ${statusGlyph[run.status]} ${run.status}  ` +
      `${formatDuration(duration(run))}  execution date ${run.executionDate}  ${run.trigger}`,
    ...blocks.map((block) => `  ${blockLine(block, width)}`),
    ...blocks.flatMap(errorLines),
    ...(next ? [next] : []),
  ];
  process.stdout.write(lines.map((line) => `${line.trimEnd()}\n`).join(''));
};
