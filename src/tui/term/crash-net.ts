/** Why the workbench ends. `error` is null otherwise. */
export type Ending = { reason: 'quit' | 'error' | 'signal' | 'lost'; error: unknown; exitCode: number };

const signalCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Calls `end` once for whatever ends the process from outside; answers how to take the net away. */
export const spreadCrashNet = (end: (ending: Ending) => void): (() => void) => {
  const onError = (error: unknown): void =>
    end(isLostTerminal(error) ? { reason: 'lost', error: null, exitCode: 0 } : { reason: 'error', error, exitCode: 1 });
  const onSignal = (signal: NodeJS.Signals): void => {
    const exitCode = signalCodes[signal as keyof typeof signalCodes] ?? 1;
    end({ reason: signal === 'SIGHUP' ? 'lost' : 'signal', error: null, exitCode });
  };
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
  for (const signal of Object.keys(signalCodes)) process.on(signal, onSignal);
  return () => {
    process.off('uncaughtException', onError);
    process.off('unhandledRejection', onError);
    for (const signal of Object.keys(signalCodes)) process.off(signal, onSignal);
  };
};

/** Writing to a terminal that is not there any more. */
export const isLostTerminal = (error: unknown): boolean => {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const call = (error as NodeJS.ErrnoException | null)?.syscall;
  return (code === 'EIO' || code === 'EPIPE') && (call === 'write' || call === 'read' || call === undefined);
};
