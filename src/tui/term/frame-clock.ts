/** 10 frames a second for what comes from outside; 2 while the terminal is slow. */
const interval = 100;
/**
 * What comes from outside may send so many bytes a millisecond: a log of 200 lines a second rewrites its pane with each frame, 12 KB/s at
 * 10 frames a second. The pause after a large frame is no longer than `longest`.
 */
const backgroundRate = 9;
const longest = 150;
const slowInterval = 500;
/** While the first screen fills nobody reads yet: what comes is shown at once. */
const startInterval = 16;

export type FrameClock = {
  /** A key was pressed: draw as soon as all keys of this chunk are done. */
  now(): void;
  /** Something changed in the background: draw when the interval has passed. Before the first `now` nothing is drawn. */
  soon(): void;
  /** The first screen is full: from now on the background keeps its interval. */
  settle(): void;
  stop(): void;
};

/** What the frames so far have cost: whether the terminal is slow, and the bytes of the last one. */
export type FrameCost = { isSlow(): boolean; bytes(): number };

/** Decides when to draw. Idle means no timer at all. */
export const createFrameClock = (draw: () => void, { isSlow, bytes }: FrameCost): FrameClock => {
  let timer: NodeJS.Timeout | undefined;
  let asked = false;
  let last = 0;
  let stopped = false;
  let starting = true;
  let began = false;
  const frame = (): void => {
    clearTimeout(timer);
    timer = undefined;
    asked = false;
    if (stopped) return;
    last = performance.now();
    draw();
  };
  return {
    now: () => {
      if (asked || stopped) return;
      began = true;
      asked = true;
      queueMicrotask(frame);
    },
    soon: () => {
      if (asked || timer || stopped || !began) return;
      const pause = isSlow() ? slowInterval : starting ? startInterval : backgroundPause(bytes());
      const wait = pause - (performance.now() - last);
      timer = setTimeout(frame, Math.max(0, wait));
    },
    settle: () => {
      starting = false;
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
};

const backgroundPause = (bytes: number): number => Math.min(longest, Math.max(interval, bytes / backgroundRate));
