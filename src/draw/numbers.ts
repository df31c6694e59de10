/** Rows as a person says them in a graph: 265, 812k, 1.37M. */
export const shortCount = (count: number): string => {
  if (count < 10_000) return String(count);
  for (const [unit, size] of units) {
    if (count >= size * 0.9995) {
      const value = count / size;
      return `${value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0).replace(/\.0+$/, '')}${unit}`;
    }
  }
  return String(count);
};

const units = [
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
] as const;

/** 1,343,039 */
export const fullCount = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** A finished duration: 41ms, 1.2s, 3m 07s, 2h 05m. */
export const duration = (milliseconds: number): string => {
  if (milliseconds < 999.5) return `${Math.max(0, Math.round(milliseconds))}ms`;
  if (milliseconds < 9_950) return `${(milliseconds / 1000).toFixed(1)}s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${pad(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h ${pad(Math.floor((seconds % 3600) / 60))}m`;
};

/** A running clock: 0:07, 12:30, 1:02:09. */
export const clock = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60) % 60;
  const hours = Math.floor(seconds / 3600);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
};

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago, in the largest unit that fits: now (less than a minute), 5m ago, 2h ago, 3d ago. */
export const ago = (milliseconds: number): string => {
  if (milliseconds < minute) return 'now';
  if (milliseconds < hour) return `${Math.floor(milliseconds / minute)}m ago`;
  if (milliseconds < day) return `${Math.floor(milliseconds / hour)}h ago`;
  return `${Math.floor(milliseconds / day)}d ago`;
};

/** Milliseconds until `ago` says something else of this age. */
export const agoChangesIn = (milliseconds: number): number => {
  if (milliseconds < minute) return minute - milliseconds;
  const unit = milliseconds < hour ? minute : milliseconds < day ? hour : day;
  return unit - (milliseconds % unit);
};

/** 94 MB */
export const byteSize = (bytes: number): string => {
  const steps = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let step = 0;
  while (value >= 999.5 && step < steps.length - 1) {
    value /= 1000;
    step += 1;
  }
  return `${step === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${steps[step]}`;
};

const pad = (value: number): string => String(value).padStart(2, '0');
