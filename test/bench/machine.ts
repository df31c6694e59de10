import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** What the figures were measured on. */
export const machineFacts = () => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memory_gib: Math.round(totalmem() / 2 ** 30),
  system: `${type()} ${release()}`,
  node: process.version,
  load: loadavg().map((load) => Math.round(load * 100) / 100),
});

export const printMachine = (): void => {
  const facts = machineFacts();
  console.log(
    `${facts.cpu}, ${facts.cores} cores, ${facts.memory_gib} GiB, ${facts.system}, Node ${facts.node}, load ${facts.load.join(' ')}`,
  );
};

export const median = (values: number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};
