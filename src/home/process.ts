import { readFileSync } from 'node:fs';

/** When a process started, in clock ticks since boot (field 22 of /proc/PID/stat); null where there is no /proc or no such process. */
export const startTicksOf = (pid: number): string | null => statFields(pid)?.[19] ?? null;

/** Whether a process runs; with `startTicks`, whether it is still the same one. A zombie counts as dead. */
export const isAlive = (pid: number, startTicks?: string | null): boolean => {
  const fields = statFields(pid);
  if (fields) return fields[0] !== 'Z' && fields[0] !== 'X' && (!startTicks || fields[19] === startTicks);
  if (process.platform === 'linux') return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** The fields after the command's name, which may hold blanks and brackets itself: [0] is the state, field 3 of proc(5). */
const statFields = (pid: number): string[] | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
};
