import type { RunSnapshot } from '../../model/run.ts';
import { liveProgress } from './live.ts';
import { plainProgress } from './plain.ts';

/** Shows a run on stderr while it goes on. */
export type Progress = { update(snapshot: RunSnapshot): void; end(snapshot: RunSnapshot): void };

/** A region that is drawn again in place on a terminal, plain lines elsewhere. */
export const progressOn = (stream: NodeJS.WriteStream): Progress =>
  stream.isTTY && !process.env.ACCESSIBLE && process.env.TERM !== 'dumb' ? liveProgress(stream) : plainProgress(stream);
