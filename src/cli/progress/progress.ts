import type { RunSnapshot } from '../../model/run.ts';
import { liveProgress } from './live.ts';
import { plainProgress } from './plain.ts';

/** Shows a run on stderr while it goes on. */
export type Progress = {
  update(snapshot: RunSnapshot): void;
  /** A line about the run as a whole; it stays above what is drawn in place. */
  say(line: string): void;
  end(snapshot: RunSnapshot): void;
};

/** A region that is drawn again in place on a terminal, plain lines elsewhere. */
export const progressOn = (stream: NodeJS.WriteStream): Progress =>
  stream.isTTY && !process.env.ACCESSIBLE && process.env.TERM !== 'dumb' ? liveProgress(stream) : plainProgress(stream);
