import { readFileSync, writeFileSync } from 'node:fs';
import type { ResourceUsage } from '../../model/block-task.ts';

let blocks = 0;

/** Begins to measure a block; the answered function tells what it used. The first block of a process also pays for its start. */
export const startUsage = (): (() => ResourceUsage) => {
  blocks += 1;
  const before = blocks > 2 ? cpuMs() : 0;
  const isReset = blocks > 2 && resetPeak();
  return () => ({
    cpuMs: cpuMs() - before,
    peakRssBytes: (isReset ? peak() : null) ?? process.resourceUsage().maxRSS * 1024,
  });
};

const cpuMs = (): number => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  return (userCPUTime + systemCPUTime) / 1000;
};

/** Linux keeps a peak that can be set back. */
const resetPeak = (): boolean => {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return true;
  } catch {
    return false;
  }
};

const peak = (): number | null => {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
  } catch {
    return null;
  }
};
