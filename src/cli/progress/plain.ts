import { visibleText } from '../../draw/visible-text.ts';
import type { RunSnapshot } from '../../model/run.ts';
import { formatDuration } from '../format.ts';
import { duration } from '../shapes/run.ts';
import { blockLine, errorLines } from './block-line.ts';
import type { Progress } from './progress.ts';

/** A line whenever a block starts or ends. */
export const plainProgress = (stream: NodeJS.WriteStream): Progress => {
  const said = new Map<string, string>();
  const update = ({ blocks }: RunSnapshot): void => {
    const width = Math.max(0, ...blocks.map(({ uuid }) => uuid.length));
    for (const block of blocks) {
      const state = `${block.status} ${block.attempt}`;
      if (said.get(block.uuid) === state) continue;
      said.set(block.uuid, state);
      if (block.status === 'initial' || block.status === 'queued') continue;
      stream.write(`  ${blockLine(block, width)}\n`);
    }
  };
  return {
    update,
    say: (line) => void stream.write(`${line}\n`),
    end: (snapshot) => {
      update(snapshot);
      for (const block of snapshot.blocks) for (const line of errorLines(block)) stream.write(`${line}\n`);
      stream.write(`${lastLine(snapshot)}\n`);
    },
  };
};

export const lastLine = ({ run, blocks }: RunSnapshot): string =>
  `run ${run.id} of ${visibleText(run.pipeline ?? blocks[0]?.uuid ?? 'a file')} ${run.status} in ${formatDuration(duration(run)) || '0ms'}`;
