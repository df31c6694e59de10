import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropChildren, sparePid } from '../../src/blocks/child/spare-child.ts';
import { serverPids, stopBlockServers } from '../../src/blocks/python/block-servers.ts';
import { runPythonBlock } from '../../src/blocks/python/run-python-block.ts';
import { setupPython } from '../../src/blocks/python/setup.ts';
import { runTypescriptBlock } from '../../src/blocks/typescript/run-typescript-block.ts';
import type { BlockContext, BlockResult, BlockTask } from '../../src/model/block-task.ts';
import { median } from './machine.ts';
import type { Bench } from './main.ts';

/** The issue: a no-op block of a chain. Milliseconds. */
const most = 8;

type Place = { folder: string; python: string };
type Measured = { name: string; values: number[] };

/** What it costs to run a block that does nothing, cold and from a server, beside the bare start of its interpreter in the same rounds. */
export const blocksBench: Bench = {
  name: 'blocks',
  about: 'Python and TypeScript blocks, cold and warm, beside python3 -c pass and node -e 0',
  run: async ({ pairs, json }) => {
    const home = realpathSync(mkdtempSync(join(tmpdir(), 'wand-blocks-')));
    process.env.WAND_HOME = home;
    try {
      const place = { folder: home, python: await preparePython(home) };
      const measured = await measure(place, pairs * 4);
      const memory = await memoryOf();
      if (json) console.log(JSON.stringify({ bench: 'blocks', ms: Object.fromEntries(entries(measured)), memory }));
      else print(measured, memory);
      return entries(measured).every(([name, value]) => !name.endsWith('no-op, chain') || value <= most);
    } finally {
      stopBlockServers();
      dropChildren();
      rmSync(home, { recursive: true, force: true });
    }
  },
};

const entries = (measured: Measured[]): [string, number][] =>
  measured.map(({ name, values }) => [name, median(values)]);

const preparePython = async (home: string): Promise<string> => {
  const project = join(home, 'project');
  mkdirSync(project);
  return (await setupPython({ projectPath: project })).command;
};

const noopPython = '@data_loader\ndef load(*args, **kwargs):\n    pass\n';
const framePython = `import numpy, pandas

@data_loader
def load(*args, **kwargs):
    return pandas.DataFrame({'n': range(1000), 'x': numpy.random.rand(1000), 't': ['text'] * 1000})

@test
def whole(frame):
    assert len(frame) == 1000
`;
const noopTypescript = `import { custom } from 'wand';\nexport default custom(async () => {});\n`;

/** Each round has one of everything, so that what else the machine does meets all alike; chains come last, one block right behind the other. */
const measure = async (place: Place, rounds: number): Promise<Measured[]> => {
  const { python } = place;
  const runs: { name: string; run(): unknown }[] = [
    { name: 'python3 -c pass', run: () => spawnSync(python, ['-c', 'pass']) },
    { name: 'node -e 0', run: () => spawnSync(process.execPath, ['-e', '0']) },
    { name: 'Python no-op, cold', run: () => cold(() => pythonBlock(place, noopPython)) },
    { name: 'Python 1,000-row frame, cold', run: () => cold(() => pythonBlock(place, framePython)) },
    { name: 'Python no-op, warm', run: () => pythonBlock(place, noopPython) },
    { name: 'Python 1,000-row frame, warm', run: () => pythonBlock(place, framePython) },
    { name: 'TypeScript no-op, cold', run: () => coldTypescript(place) },
    { name: 'TypeScript no-op, warm', run: () => typescriptBlock(place) },
  ];
  await pythonBlock(place, framePython);
  const measured = runs.map(({ name }) => ({ name, values: [] as number[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { run }] of runs.entries()) {
      await settled();
      measured[index]?.values.push(await timed(run));
    }
  }
  return [
    ...measured,
    { name: 'Python no-op, chain', values: await chain(() => pythonBlock(place, noopPython)) },
    { name: 'TypeScript no-op, chain', values: await chain(() => typescriptBlock(place)) },
  ];
};

const chain = async (run: () => Promise<BlockResult>): Promise<number[]> => {
  const values: number[] = [];
  while (values.length < 50) values.push(await timed(run));
  return values;
};

const timed = async (run: () => unknown): Promise<number> => {
  const start = performance.now();
  await run();
  return performance.now() - start;
};

/** Until what was started ahead waits: a warm block is one that finds its child there. */
const settled = async (): Promise<void> => {
  await sparePid();
  await new Promise((resolve) => setTimeout(resolve, 150));
};

const cold = async (run: () => Promise<BlockResult>): Promise<BlockResult> => {
  process.env.WAND_BLOCK_SERVER = 'off';
  try {
    return await run();
  } finally {
    delete process.env.WAND_BLOCK_SERVER;
  }
};

const coldTypescript = (place: Place): Promise<BlockResult> => {
  dropChildren();
  return typescriptBlock(place);
};

const pythonBlock = ({ folder, python }: Place, code: string): Promise<BlockResult> =>
  completed(
    runPythonBlock(context(folder, 'block.py', code, { blockType: 'data_loader', language: 'python' }, python)),
  );

const typescriptBlock = ({ folder, python }: Place): Promise<BlockResult> =>
  completed(
    runTypescriptBlock(
      context(folder, 'block.ts', noopTypescript, { blockType: 'custom', language: 'typescript' }, python),
    ),
  );

const completed = async (running: Promise<BlockResult>): Promise<BlockResult> => {
  const result = await running;
  if (result.status === 'failed') throw new Error(`a block of the bench failed: ${result.error.message}`);
  return result;
};

const context = (
  folder: string,
  name: string,
  code: string,
  kind: Pick<BlockTask, 'blockType' | 'language'>,
  python: string,
): BlockContext => {
  const projectPath = join(folder, 'project');
  const file = join(projectPath, name);
  writeFileSync(file, code);
  return {
    task: {
      ...kind,
      runId: '1',
      pipelineUuid: 'bench',
      blockUuid: 'block',
      attempt: 1,
      file,
      projectPath,
      workingDirectory: folder,
      inputs: [],
      variables: {},
      configuration: {},
      outputFolder: mkdtempSync(join(folder, 'output-')),
      retry: { attempts: 0 },
      runTests: true,
      marker: { state: 'bench', runId: '1', block: 'block', attempt: 1, lostAttempts: [] },
    },
    environment: { ...(process.env as Record<string, string>), WAND_PYTHON: python },
    signal: new AbortController().signal,
    log: () => undefined,
    onProcess: async () => undefined,
    connection: async () => {
      throw new Error('no connection in this bench');
    },
  };
};

type Memory = { pythonServer: number; typescriptSpare: number };

/** PSS in bytes, pages that the server shares with its waiting child counted half; 0 where there is no /proc. */
const memoryOf = async (): Promise<Memory> => {
  await settled();
  const [server] = serverPids();
  return { pythonServer: pssOf(server), typescriptSpare: pssOf((await sparePid()) ?? undefined) };
};

const pssOf = (pid: number | undefined): number => {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
};

const print = (measured: Measured[], memory: Memory): void => {
  const bare = { Python: medianOf(measured, 'python3 -c pass'), TypeScript: medianOf(measured, 'node -e 0') };
  for (const { name, values } of measured) {
    const [least, greatest] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(1));
    const beside = bare[name.split(' ')[0] as keyof typeof bare];
    const ratio = beside ? `, ${(median(values) / beside).toFixed(2)}x the bare interpreter` : '';
    console.log(
      `${name}: median ${median(values).toFixed(1)} ms of ${values.length} (${least} to ${greatest})${ratio}`,
    );
  }
  const [server, spare] = [memory.pythonServer, memory.typescriptSpare].map((bytes) => Math.round(bytes / 2 ** 20));
  console.log(`PSS of the Python server ${server} MiB, of the waiting TypeScript child ${spare} MiB`);
};

const medianOf = (measured: Measured[], wanted: string): number =>
  median(measured.find(({ name }) => name === wanted)?.values ?? [0]);
