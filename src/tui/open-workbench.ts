import { type Background, isAuto, type Theme, themeOf } from '../draw/theme.ts';
import type { Problem } from '../model/problem.ts';
import { createEffects } from './effects/effects.ts';
import { keepPlace } from './effects/keep.ts';
import type { Start } from './effects/open-at-start.ts';
import { startStatusTimer } from './effects/status-timer.ts';
import { startTicker } from './effects/ticker.ts';
import { whenQuiet } from './effects/when-quiet.ts';
import { drawWhenFilled } from './first-frame.ts';
import type { App } from './keys/action.ts';
import { dispatchKey } from './keys/dispatch.ts';
import { noKeymap, type ReadKeymap } from './keys/keymap.ts';
import { readKeys } from './keys/read-keys.ts';
import { loadInk } from './load-ink.ts';
import type { Shell } from './shell.tsx';
import { readKept, withKeptPanes } from './state/kept.ts';
import { initialState } from './state/state.ts';
import { createStore } from './state/store.ts';
import { exitSummary } from './summary.ts';
import { askBackground, backgroundFromEnvironment, backgroundOf } from './term/background.ts';
import { copyText } from './term/clipboard.ts';
import { type Ending, isLostTerminal, spreadCrashNet } from './term/crash-net.ts';
import { createFrameClock } from './term/frame-clock.ts';
import { createFrameWriter } from './term/frame-writer.ts';
import { createHandOver } from './term/hand-over.ts';
import { keepHeapSmall } from './term/heap.ts';
import { programRunner } from './term/run-program.ts';
import { openSession, type TerminalStreams } from './term/session.ts';
import type { Memory } from './ui-file.ts';
import { createComposer } from './view/compose.ts';
import { screenParts } from './view/screen.ts';
import type { WorkbenchSource } from './workbench-source.ts';

export type WorkbenchOptions = {
  source: WorkbenchSource;
  /** What to open first: names as the command line has them. */
  start?: Omit<Start, 'kept'>;
  /** Where the place and the settings of the panes are kept from one start to the next. */
  memory?: Memory;
  /** Keys of `keys.yaml`, and what is wrong in it. */
  keys?: ReadKeymap;
  streams?: TerminalStreams;
  environment?: NodeJS.ProcessEnv;
  /** For tests: what Ink waits for before it takes the screen over, and who is told when it has. */
  mounting?: { before(): Promise<void>; after(): void };
};

/** Milliseconds without news after which the first screen counts as full; what a database that is slow or away is given at most. */
const firstFrame = { quiet: 60, most: 1_500 };

/**
 * Opens the workbench on a terminal and answers the exit code when it is left. The terminal is given back however it
 * ends; the source stays open and is the caller's to close.
 */
export const openWorkbench = async ({
  source,
  start = {},
  memory,
  keys = { keymap: noKeymap, problems: [] },
  streams = process,
  environment = process.env,
  mounting,
}: WorkbenchOptions): Promise<number> => {
  const { stdin, stdout } = streams;
  const themes = new Map<Background, Theme>();
  /** One object a background: what was drawn with it is not drawn again. */
  const themeNow = (): Theme => {
    const { background } = store.state();
    const theme = themes.get(background) ?? themeOf(environment, background);
    themes.set(background, theme);
    return theme;
  };
  const size = () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  const session = openSession(streams);
  const kept = readKept(memory?.read());
  const initial = {
    ...initialState(size(), Date.now(), source.connection()),
    keymap: keys.keymap,
    background: backgroundFromEnvironment(environment),
  };
  const store = createStore(withKeptPanes(initial, kept));
  const writer = createFrameWriter(stdout, size());
  const compose = createComposer();
  let shell: Shell | undefined;
  let closed = false;

  let finish: (ending: Ending) => void = () => undefined;
  const ended = new Promise<Ending>((resolve) => {
    finish = resolve;
  });
  const lost = (): void => finish({ reason: 'lost', error: null, exitCode: 0 });
  const failed = (error: unknown): void =>
    isLostTerminal(error) ? lost() : finish({ reason: 'error', error, exitCode: 1 });
  // ctrl-c in an editor reaches us as well, and is not meant for us.
  const takeAwayNet = spreadCrashNet((ending) => {
    if (!(handOver.isAway() && ending.exitCode === 130)) finish(ending);
  });

  const frame = () => {
    const state = store.state();
    const parts = screenParts(state, themeNow());
    return compose(shell ? shell.place(parts, state.size) : parts, state.size);
  };
  const draw = (): void => {
    try {
      writer.show(frame());
    } catch (error) {
      failed(error);
    }
  };
  const clock = createFrameClock(draw, writer);
  const effects = createEffects(
    source,
    store,
    { ...start, kept },
    {
      environment,
      during: (work) => handOver.during(work),
      suspend: () => handOver.suspend(),
      runProgram: programRunner(streams, environment),
      copyText: (text) => copyText(text, { environment, write: (bytes) => void stdout.write(bytes) }),
    },
  );
  const app: App = { ...store, effects, quit: () => finish({ reason: 'quit', error: null, exitCode: 0 }) };
  const stopKeeping = memory ? keepPlace(store, memory) : undefined;
  const stopTicker = startTicker(store);
  const stopStatusTimer = startStatusTimer(store);
  const unsubscribe = store.subscribe(clock.soon);

  const resized = (): void => {
    writer.resize(size().columns, size().rows);
    store.dispatch({ type: 'resized', size: size() });
    clock.now();
  };
  stdout.on('resize', resized);
  stdout.on('error', failed);
  const read = (): (() => void) =>
    readKeys(stdin, {
      keys: (keys) => {
        try {
          for (const key of keys) {
            dispatchKey(app, key);
            // What was typed after it is for the program that has the terminal now; it cannot be given back.
            if (handOver.isAway()) break;
          }
        } catch (error) {
          failed(error);
        }
        clock.now();
      },
      end: lost,
      report: (text) => {
        const background = backgroundOf(text);
        if (background) store.dispatch({ type: 'background', background });
      },
    });
  const handOver = createHandOver({ session, writer, read, back: resized });

  if (keys.problems.length > 0)
    store.dispatch({ type: 'status', status: { text: keymapTrouble(keys.problems), kind: 'error' } });
  if (stdout.isTTY && isAuto(environment)) stdout.write(askBackground);
  const prepare = (): void => {
    try {
      frame();
    } catch (error) {
      failed(error);
    }
  };
  const giveUpFirst = drawWhenFilled(store, prepare, clock.now);
  const mount = async (): Promise<void> => {
    await mounting?.before();
    keepHeapSmall();
    const { openShell } = await loadInk();
    if (closed) return;
    const state = store.state();
    shell = openShell(screenParts(state, themeNow()), state.size);
    shell.ended.catch(failed);
    clock.settle();
    effects.confirmInstance();
    mounting?.after();
  };
  // The first frame needs no React (architecture.md 8): Ink comes when the screen is full, and finds nothing to change. Keys work meanwhile.
  const giveUpMount = whenQuiet(store, { ...firstFrame, isBusy: effects.isBusy }, () => void mount().catch(failed));

  const ending = await ended;
  closed = true;
  giveUpFirst();
  giveUpMount();
  clock.stop();
  writer.stop();
  handOver.stop();
  stopTicker();
  stopKeeping?.();
  stopStatusTimer();
  unsubscribe();
  effects.close();
  stdout.off('resize', resized);
  try {
    shell?.close();
  } catch {
    // It was the shell that failed; its error is reported below.
  }
  session.restore();
  takeAwayNet();
  report(ending, store.state(), stdout);
  // Errors of a terminal that is gone may still come; nobody is there to read them.
  stdout.off('error', failed);
  stdout.on('error', () => undefined);
  return ending.exitCode;
};

const keymapTrouble = ([first, ...more]: readonly Problem[]): string => {
  const { file, line, message } = first!;
  const place = `${file ?? ''}${line ? `:${line}` : ''}: `;
  return `${place}${message}${more.length > 0 ? `, and ${more.length} more (wand keys)` : ''}`;
};

const report = (ending: Ending, state: Parameters<typeof exitSummary>[0], stdout: TerminalStreams['stdout']): void => {
  if (ending.reason === 'lost') return;
  if (ending.reason === 'error') {
    const text = ending.error instanceof Error ? (ending.error.stack ?? ending.error.message) : String(ending.error);
    process.stderr.write(`wand: the workbench failed: ${text}\n`);
    return;
  }
  const lines = exitSummary(state, Date.now());
  if (lines.length > 0) stdout.write(`${lines.join('\n')}\n`);
};
