/** 10 frames a second for what comes from outside; 2 while the terminal is slow. */
const interval = 100;
const slowInterval = 500;

export type FrameClock = {
  /** A key was pressed: draw as soon as all keys of this chunk are done. */
  now(): void;
  /** Something changed in the background: draw when the interval has passed. */
  soon(): void;
  stop(): void;
};

/** Decides when to draw. Idle means no timer at all. */
export const createFrameClock = (draw: () => void, isSlow: () => boolean): FrameClock => {
  let timer: NodeJS.Timeout | undefined;
  let asked = false;
  let last = 0;
  let stopped = false;
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
      const wait = (isSlow() ? slowInterval : interval) - (performance.now() - last);
      timer = setTimeout(frame, Math.max(0, wait));
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
};
