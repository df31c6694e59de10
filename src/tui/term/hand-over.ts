import type { FrameWriter } from './frame-writer.ts';
import type { TerminalSession } from './session.ts';

/** Lends the terminal to something else: a program such as an editor, or the shell that stopped us. */
export type HandOver = {
  /** True while somebody else has the terminal. */
  isAway(): boolean;
  /** Leaves the screen, does the work, comes back and draws everything again. */
  during(work: () => Promise<void>): Promise<void>;
  /** Stops this process for the shell (ctrl-z) and comes back when it is continued. */
  suspend(): Promise<void>;
};

type Parts = {
  session: TerminalSession;
  writer: FrameWriter;
  /** Starts reading keys; answers how to stop. */
  read(): () => void;
  /** Called when the terminal is ours again: its size may have changed. */
  back(): void;
};

/** A process whose group no shell watches is not stopped at all: after so many milliseconds the screen comes back. */
const notStopped = 150;

export const createHandOver = ({ session, writer, read, back }: Parts): HandOver & { stop(): void } => {
  let away = false;
  let ended = false;
  let stopReading = read();

  const during = async (work: () => Promise<void>): Promise<void> => {
    if (away) return;
    away = true;
    stopReading();
    writer.hold();
    session.leave();
    try {
      await work();
    } finally {
      // The program ends meanwhile, and has given the terminal back for good.
      if (!ended) comeBack();
    }
  };

  const comeBack = (): void => {
    session.enter();
    stopReading = read();
    away = false;
    back();
    writer.release();
  };

  const suspendWith = (stop: () => void): Promise<void> =>
    during(async () => {
      const continued = new Promise<void>((resolve) => {
        process.once('SIGCONT', () => resolve());
        setTimeout(resolve, notStopped);
      });
      stop();
      await continued;
    });

  // Somebody else may stop us: the terminal is given back before that.
  const stopped = (): void => void suspendWith(() => process.kill(process.pid, 'SIGSTOP'));
  process.on('SIGTSTP', stopped);
  // Stopped without being asked (SIGSTOP): the shell has changed the terminal's modes meanwhile.
  const continued = (): void => {
    if (away) return;
    session.enter();
    writer.redraw();
  };
  process.on('SIGCONT', continued);

  const suspend = (): Promise<void> =>
    suspendWith(() => {
      process.off('SIGTSTP', stopped);
      // The whole group, as the terminal itself would: the shell waits for our launcher, too.
      process.kill(0, 'SIGTSTP');
      setImmediate(() => process.on('SIGTSTP', stopped));
    });

  return {
    isAway: () => away,
    during,
    suspend,
    stop: () => {
      ended = true;
      process.off('SIGTSTP', stopped);
      process.off('SIGCONT', continued);
      stopReading();
    },
  };
};
