/** 10 frames a second for what comes from outside; 2 while the terminal is slow. */
const interval = 100;
const slowInterval = 500;
/** While the first screen fills nobody reads yet: what comes is shown at once. */
const startInterval = 16;

export type FrameClock = {
  /** A key was pressed: draw as soon as all keys of this chunk are done. */
  now(): void;
  /** Something changed in the background: draw when the interval has passed. */
  soon(): void;
  /** The first screen is full: from now on the background keeps its interval. */
  settle(): void;
  stop(): void;
};

/** Decides when to draw. Idle means no timer at all. */
export const createFrameClock = (draw: () => void, isSlow: () => boolean): FrameClock => {
  let timer: NodeJS.Timeout | undefined;
  let asked = false;
  let last = 0;
  let stopped = false;
  let starting = true;
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
      asked = true;
      queueMicrotask(frame);
    },
    soon: () => {
      if (asked || timer || stopped) return;
      const pause = isSlow() ? slowInterval : starting ? startInterval : interval;
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
