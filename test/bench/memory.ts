import { readdirSync, readFileSync } from 'node:fs';

export type MemoryPeaks = {
  /** Bytes of the largest process at its largest (VmHWM). */
  largest: number;
  largestName: string;
  /** Most bytes of all processes at one moment: PSS, so that shared pages count once. */
  tree: number;
};

/**
 * Watches the memory of all processes that have this WAND_HOME in their environment (commands, workers, block children), until
 * stopped. Postgres is left out: it is the same for both sides of a comparison. Linux only; elsewhere the peaks are 0.
 */
export const watchMemory = (home: string): { stop(): MemoryPeaks } => {
  const peaks: MemoryPeaks = { largest: 0, largestName: '', tree: 0 };
  const sample = (): void => {
    let tree = 0;
    for (const pid of processesOf(home)) {
      const pss = kilobytes(readText(`/proc/${pid}/smaps_rollup`), 'Pss');
      const status = readText(`/proc/${pid}/status`);
      const most = kilobytes(status, 'VmHWM');
      tree += pss;
      if (most > peaks.largest) {
        peaks.largest = most;
        peaks.largestName = nameOf(pid);
      }
    }
    peaks.tree = Math.max(peaks.tree, tree);
  };
  const timer = setInterval(sample, 50);
  return {
    stop: () => {
      clearInterval(timer);
      return peaks;
    },
  };
};

export type ProcessMemory = { pid: number; name: string; pss: number };

/** PSS (bytes) of each process of a WAND_HOME now. */
export const memoryNow = (home: string): ProcessMemory[] =>
  processesOf(home).map((pid) => ({
    pid: Number(pid),
    name: nameOf(pid),
    pss: kilobytes(readText(`/proc/${pid}/smaps_rollup`), 'Pss'),
  }));

/** Share of one core (percent) that a process takes over some milliseconds. */
export const cpuOver = async (pid: number, ms: number): Promise<number> => {
  const ticks = (): number => {
    const fields = readText(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
    return Number(fields[11]) + Number(fields[12]);
  };
  const before = ticks();
  await new Promise((resolve) => setTimeout(resolve, ms));
  // 100 ticks a second.
  return ((ticks() - before) / 100 / (ms / 1_000)) * 100;
};

/** Pids of the processes that belong to a WAND_HOME, Postgres apart. */
export const processesOf = (home: string): string[] => {
  const mark = `WAND_HOME=${home}\0`;
  return numbered().filter(
    (pid) =>
      Number(pid) !== process.pid && readText(`/proc/${pid}/environ`).includes(mark) && !/^postgres/.test(nameOf(pid)),
  );
};

const numbered = (): string[] => {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
};

const nameOf = (pid: string): string => {
  const [command = '', ...args] = readText(`/proc/${pid}/cmdline`).split('\0');
  const program = args.find((arg) => /^[^\s]*\/[^\s]*$/.test(arg)) ?? '';
  return `${command.split('/').at(-1)} ${program.split('/').at(-1)}`.trim();
};

const kilobytes = (text: string, key: string): number =>
  Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;

const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};
