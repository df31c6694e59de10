import stringWidth from 'string-width';
import type { RunSnapshot } from '../../model/run.ts';
import { blockLine, errorLines } from './block-line.ts';
import { lastLine } from './plain.ts';
import type { Progress } from './progress.ts';

const csi = '\u001b[';

/** All blocks, drawn again in place; once a second while something runs, for the elapsed times. */
export const liveProgress = (stream: NodeJS.WriteStream): Progress => {
  let drawn = 0;
  let latest: RunSnapshot | null = null;
  const timer = setInterval(() => latest && draw(latest), 1_000);
  timer.unref();

  const write = (above: string[], lines: string[]): void => {
    const up = drawn > 0 ? `${csi}${drawn}A` : '';
    stream.write(`${up}\r${[...above, ...lines].map((line) => `${csi}2K${line}\n`).join('')}`);
    drawn = lines.length;
  };
  const draw = (snapshot: RunSnapshot): void => {
    latest = snapshot;
    write([], fitting(snapshot, stream));
  };

  return {
    update: draw,
    say: (line) => write([line], latest ? fitting(latest, stream) : []),
    end: (snapshot) => {
      clearInterval(timer);
      draw(snapshot);
      for (const block of snapshot.blocks) for (const line of errorLines(block)) stream.write(`${line}\n`);
      stream.write(`${lastLine(snapshot)}\n`);
    },
  };
};

/** A pipeline higher than the screen shows what runs and what failed first. */
const fitting = ({ blocks }: RunSnapshot, stream: NodeJS.WriteStream): string[] => {
  const width = Math.max(0, ...blocks.map(({ uuid }) => uuid.length));
  const most = Math.max(3, (stream.rows ?? 24) - 2);
  const weight = { running: 0, failed: 1, queued: 2 } as Record<string, number>;
  const shown =
    blocks.length <= most
      ? blocks
      : [...blocks].sort((a, b) => (weight[a.status] ?? 3) - (weight[b.status] ?? 3)).slice(0, most - 1);
  const lines = shown.map((block) => cut(`  ${blockLine(block, width)}`, (stream.columns ?? 80) - 1));
  return blocks.length > most ? [...lines, `  … ${blocks.length - shown.length} more`] : lines;
};

const cut = (line: string, width: number): string => {
  if (stringWidth(line) <= width) return line;
  let text = '';
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    if (stringWidth(text + segment) > width - 1) break;
    text += segment;
  }
  return `${text}…`;
};
