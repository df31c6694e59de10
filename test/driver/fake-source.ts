import type { RunPlan } from '../../src/engine/client/index.ts';
import type { StoppedRun } from '../../src/engine/client/stop-run.ts';
import type { Page, PageRequest } from '../../src/model/output.ts';
import type { Instance, Project } from '../../src/model/project.ts';
import type {
  Attempt,
  BlockError,
  BlockRun,
  BlockRunStatus,
  LogLine,
  Run,
  RunSnapshot,
  SimilarFailure,
} from '../../src/model/run.ts';
import type { RunChanges } from '../../src/model/run-changes.ts';
import type { WandError } from '../../src/problem/wand-error.ts';
import type { RerunRequest, SourceEvent, TableEntry, WorkbenchSource } from '../../src/tui/workbench-source.ts';

import { FakeData } from './fake-data.ts';
import { failingShape, pipelineOf, projectOf, root, taxiShape } from './fake-project.ts';
import { columns, fakeRow } from './fake-rows.ts';

export type FakeOptions = { rowCount?: number; blockMilliseconds?: number; projects?: Project[] };

/** A source in memory: runs move when told to, or by themselves with `blockMilliseconds`. */
export class FakeSource implements WorkbenchSource {
  readonly listeners = new Set<(event: SourceEvent) => void>();
  readonly snapshots = new Map<string, RunSnapshot>();
  readonly logs = new Map<string, LogLine[]>();
  readonly requests: RerunRequest[] = [];
  readonly pages: { offset: number; limit: number }[] = [];
  /** Key is run and block. */
  readonly attemptsOf = new Map<string, Attempt[]>();
  similar: SimilarFailure[] = [];
  cancelled: string[] = [];
  leftAfterCancel: string[] = [];
  retried: string[] = [];
  readonly data = new FakeData();
  /** What was asked of pages, for tests of order and condition. */
  readonly asked: PageRequest[] = [];
  /** What the planner believes of a table's rows. */
  estimate: number | null = null;
  /** So many lines of a log are looked through for one page; then the search is given up, as the store does after a time. */
  mostScanned = Number.POSITIVE_INFINITY;
  keptCommands: unknown = null;
  commands = {
    read: (): unknown => this.keptCommands,
    write: (value: object): void => {
      this.keptCommands = structuredClone(value);
    },
    mask: (line: string): string => line.replaceAll('hunter2', '***'),
  };
  /** Thrown by every page with a condition. */
  pageError: WandError | null = null;
  #held: Promise<void> | null = null;
  projects: Project[];
  rowCount: number;
  failWith: WandError | null = null;
  database: 'connecting' | 'up' | 'down' = 'up';
  #nextRun = 10;
  #timers = new Set<NodeJS.Timeout>();
  #blockMilliseconds: number;

  constructor({ rowCount = 1_000_000, blockMilliseconds = 0, projects }: FakeOptions = {}) {
    this.rowCount = rowCount;
    this.#blockMilliseconds = blockMilliseconds;
    this.projects = projects ?? [
      projectOf('taxi', [
        pipelineOf('taxi', 'yellow_taxi', taxiShape),
        pipelineOf('taxi', 'api_to_postgres', failingShape),
      ]),
      projectOf('shop', [pipelineOf('shop', 'orders', { load_orders: [], clean_orders: ['load_orders'] })]),
    ];
  }

  readInstance = async (): Promise<Instance> => ({ path: root, projects: this.projects, problems: [] });

  connection = () => ({
    database: this.database,
    label: 'embedded pg',
    message: null,
    workers: 1,
  });

  listRuns: WorkbenchSource['listRuns'] = async (pipeline, limit) => {
    this.#mayFail();
    return [...this.snapshots.values()]
      .map(({ run }) => ({ ...run }))
      .filter((run) => !pipeline || (run.pipeline === pipeline.pipeline && run.projectPath === pipeline.projectPath))
      .sort((a, b) => Number(b.id) - Number(a.id))
      .slice(0, limit);
  };

  snapshot = async (runId: string): Promise<RunSnapshot> => {
    this.#mayFail();
    return structuredClone(this.snapshots.get(runId)!);
  };

  logLines: WorkbenchSource['logLines'] = async (runId, { block, after, last }) => {
    const lines = (this.logs.get(runId) ?? []).filter(
      (line) => line.sequence > after && (block === null || line.block === block),
    );
    return last === undefined ? lines : lines.slice(-last);
  };

  /** What any two runs differ in. */
  changes: Pick<RunChanges, 'variables' | 'blocks' | 'files'> = { variables: [], blocks: [], files: [] };

  runChanges: WorkbenchSource['runChanges'] = async (left, right) => ({
    left,
    right,
    executionDate: null,
    ...this.changes,
  });

  past: WorkbenchSource['past'] = async (runId) => {
    const { blocks, run } = this.snapshots.get(runId)!;
    const attempts = blocks.flatMap(({ uuid, startedAt, finishedAt, attempt, status, error }) => {
      if (startedAt === null) return [];
      const base = {
        block: uuid,
        worker: '5f0c2a11-0000',
        host: 'box',
        usage: { cpuMs: 1_200, peakRssBytes: 94_000_000 },
      };
      const before = Array.from({ length: attempt - 1 }, (_, index) => ({
        ...base,
        attempt: index + 1,
        status: 'failed' as const,
        startedAt,
        finishedAt: startedAt,
        error,
      }));
      const ended = status === 'failed' ? 'failed' : status === 'running' ? 'running' : 'completed';
      return [...before, { ...base, attempt, status: ended as 'failed', startedAt, finishedAt, error }];
    });
    const earlier = [...this.snapshots.values()].some((one) => one.run.status === 'completed' && one.run.id < run.id);
    const usual = Object.fromEntries(blocks.map(({ uuid }) => [uuid, 60_000]));
    return { attempts, usual: earlier ? { run: 240_000, blocks: usual } : { run: null, blocks: {} } };
  };

  logPage: WorkbenchSource['logPage'] = async (runId, query) => {
    const { block, side, from, limit, filter = '', search = '', level = 'debug' } = query;
    const all = this.logs.get(runId) ?? [];
    const without = filter.startsWith('!');
    const pattern = new RegExp(without ? filter.slice(1) : filter, 'i');
    const levels = ['debug', 'info', 'warning', 'error'];
    const onSide = all.filter(({ sequence }) => (side === 'older' ? sequence < from : sequence > from));
    const most = this.mostScanned;
    const scanned = side === 'older' ? onSide.slice(-Math.min(most, onSide.length)) : onSide.slice(0, most);
    const found = scanned.filter(
      (line) =>
        (block === null || line.block === block) &&
        (filter === '' || pattern.test(line.text) !== without) &&
        line.text.toLowerCase().includes(search) &&
        levels.indexOf(line.level) >= levels.indexOf(level),
    );
    const lines = side === 'older' ? found.slice(-limit) : found.slice(0, limit);
    const end = found.length <= limit && scanned.length === onSide.length;
    const last = side === 'older' ? 0 : -1;
    const reached =
      found.length > limit || (found.length === limit && !end)
        ? lines.at(last)!.sequence
        : end
          ? side === 'older'
            ? 1
            : all.length
          : scanned.at(last)!.sequence;
    return { lines, end, reached, total: all.length };
  };

  outputPage: WorkbenchSource['outputPage'] = async (_run, _block, _output, request, signal) => {
    if (this.#held) await Promise.race([this.#held, this.#aborted(signal)]);
    return this.#page(request, false);
  };

  /** Pages wait until they are released. */
  holdPages(): { cancelled: number; release(): void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held = promise;
    this.#cancelled = 0;
    const source = this;
    return {
      get cancelled() {
        return source.#cancelled;
      },
      release: () => {
        this.#held = null;
        resolve();
      },
    };
  }

  #cancelled = 0;
  #aborted = (signal: AbortSignal | undefined): Promise<never> =>
    new Promise((_, reject) =>
      signal?.addEventListener('abort', () => {
        this.#cancelled += 1;
        reject(new Error('cancelled'));
      }),
    );

  listTables = async (): Promise<TableEntry[]> => {
    this.#mayFail();
    const table = (name: string, rowEstimate: number): TableEntry => ({
      profile: 'dev',
      schema: 'ny_taxi',
      table: name,
      kind: 'table',
      rowEstimate,
      bytes: rowEstimate * 96,
    });
    return [table('yellow_cab_data', this.rowCount), table('trips_per_zone', 265), table('zones', 265)];
  };

  tablePage: WorkbenchSource['tablePage'] = async (_project, _table, request) => this.#page(request, true);

  readCode = async (file: string): Promise<string> =>
    [
      'import pandas as pd',
      '',
      `# ${file.split('/').at(-1)}`,
      '',
      '@transformer',
      'def transform(data, *args, **kwargs):',
      '    data = data[data["trip_distance"] > 0]',
      '    for column in ("VendorID", "RatecodeID"):',
      '        data[column] = [int(value) for value in data[column]]',
      '    return data',
      '',
      '',
      '@test',
      'def test_output(data, *args):',
      '    assert len(data) > 0',
      '',
    ].join('\n');

  attempts: WorkbenchSource['attempts'] = async (runId, uuid) => this.attemptsOf.get(`${runId} ${uuid}`) ?? [];

  similarFailures = async (): Promise<SimilarFailure[]> => this.similar;

  codeOfRun = async (_run: string, _block: string, file: string) => ({ text: await this.readCode(file), ofRun: false });

  startRun = async (request: RerunRequest): Promise<string> => {
    this.#mayFail();
    this.requests.push(request);
    const id = this.addRun(request.projectPath, request.pipeline, {});
    if (this.#blockMilliseconds > 0) this.#play(id);
    return id;
  };

  planRun = async (request: RerunRequest): Promise<RunPlan> => {
    this.#mayFail();
    const project = this.projects.find(({ path }) => path === request.projectPath);
    const { blocks } = project!.pipelines.find(({ uuid }) => uuid === request.pipeline)!;
    const given = Object.entries({ from: request.from, block: request.block, upto: request.upto });
    const flag = given.flatMap(([name, value]) => (value ? [` --${name} ${value}`] : []))[0] ?? '';
    const run = blocks.map(({ uuid }) => uuid);
    const from = request.from ? run.indexOf(request.from) : 0;
    return {
      run: run.slice(from),
      reuse: run.slice(0, from).map((block) => ({ block, run: request.runId ?? '1', rows: 1_369_765 })),
      writes: [{ block: run.at(-1)!, table: 'ny_taxi.yellow_cab_data', policy: 'replace' }],
      warnings: [],
      parentRun: request.runId ?? null,
      executionDate: null,
      variables: request.variables ?? {},
      code: request.code ?? 'now',
      changedFiles: request.runId ? ['transformers/clean_trips.ts'] : null,
      expectedMs: 7_000,
      command: `wand run ${request.pipeline}${flag}`,
    };
  };

  retryRun = async (runId: string, from?: string): Promise<void> => {
    this.retried.push(from ? `${runId} from ${from}` : runId);
    for (const block of this.snapshots.get(runId)!.blocks)
      if (block.uuid === from || block.status !== 'completed') Object.assign(block, { status: 'queued', error: null });
    this.setRun(runId, { status: 'running', finishedAt: null });
  };

  cancelRun = async (runId: string): Promise<StoppedRun> => {
    this.cancelled.push(runId);
    const snapshot = this.snapshots.get(runId)!;
    snapshot.run.status = 'cancelled';
    snapshot.run.finishedAt = new Date().toISOString();
    for (const block of snapshot.blocks) if (block.finishedAt === null) block.status = 'cancelled';
    this.emit({ kind: 'run', runId });
    return { cancelled: true, stopped: ['clean_trips'], left: this.leftAfterCancel, unknown: [] };
  };

  onChange = (listener: (event: SourceEvent) => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  close = async (): Promise<void> => {
    for (const timer of this.#timers) clearTimeout(timer);
  };

  emit(event: SourceEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  /** Adds a run with all its blocks waiting; answers its id. */
  addRun(projectPath: string, pipeline: string, run: Partial<Run>): string {
    this.#nextRun += 1;
    const id = String(this.#nextRun);
    const project = this.projects.find(({ path }) => path === projectPath)!;
    const { blocks } = project.pipelines.find(({ uuid }) => uuid === pipeline)!;
    const now = new Date().toISOString();
    this.snapshots.set(id, {
      run: {
        id,
        project: project.uuid,
        projectPath,
        pipeline,
        status: 'running',
        trigger: 'manual',
        executionDate: now,
        createdAt: now,
        startedAt: now,
        finishedAt: null,
        variables: {},
        parentRunId: null,
        owner: null,
        ...run,
      },
      blocks: blocks.map((block, position) => ({
        id: `${id}-${position}`,
        runId: id,
        uuid: block.uuid,
        blockType: block.type,
        language: block.language,
        position,
        upstream: block.upstream,
        status: 'initial',
        attempt: 0,
        rows: null,
        startedAt: null,
        finishedAt: null,
        worker: null,
        outputs: [],
        tests: [],
        error: null,
        reusedFrom: null,
      })),
    });
    this.logs.set(id, []);
    this.emit({ kind: 'runs' });
    return id;
  }

  setBlock(runId: string, uuid: string, status: BlockRunStatus, more: Partial<BlockRun> = {}): void {
    const block = this.snapshots.get(runId)!.blocks.find((candidate) => candidate.uuid === uuid)!;
    const now = new Date().toISOString();
    block.status = status;
    if (status === 'running') Object.assign(block, { startedAt: now, attempt: 1 });
    if (status === 'completed' || status === 'failed') {
      block.startedAt ??= now;
      block.finishedAt = now;
      block.attempt ||= 1;
    }
    if (status === 'completed') {
      block.rows = this.rowCount;
      block.outputs = [
        { name: 'output_0', kind: 'table', path: '/x', rows: this.rowCount, columns, bytes: this.rowCount * 94 },
      ];
    }
    Object.assign(block, more);
    this.emit({ kind: 'run', runId });
  }

  setRun(runId: string, run: Partial<Run>): void {
    Object.assign(this.snapshots.get(runId)!.run, run);
    this.emit({ kind: 'run', runId });
  }

  log(runId: string, block: string | null, text: string, level: LogLine['level'] = 'info', attempt = 1): void {
    const lines = this.logs.get(runId)!;
    const time = new Date().toISOString();
    lines.push({ sequence: lines.length + 1, time, level, block, attempt, source: 'stdout', text });
    this.emit({ kind: 'log', runId });
  }

  /** A run of `pipeline` whose `uuid` failed on a line of its file. */
  addFailedRun(projectPath: string, pipeline: string, uuid: string): string {
    const id = this.addRun(projectPath, pipeline, {});
    const { blocks } = this.snapshots.get(id)!;
    const at = blocks.findIndex((block) => block.uuid === uuid);
    for (const block of blocks.slice(0, at)) this.setBlock(id, block.uuid, 'completed');
    for (const text of ['reading', 'Traceback (most recent call last):', 'ValueError: cannot convert float NaN']) {
      this.log(id, uuid, text, text === 'reading' ? 'info' : 'error', 3);
    }
    const project = this.projects.find(({ path }) => path === projectPath)!;
    const file = project.pipelines.flatMap((one) => one.blocks).find((block) => block.uuid === uuid)!.file;
    const error = {
      type: 'ValueError',
      message: 'cannot convert float NaN to integer',
      file,
      line: 9,
      traceback: null,
    };
    this.setBlock(id, uuid, 'failed', { attempt: 3, error });
    this.attemptsOf.set(`${id} ${uuid}`, attemptsOf(error));
    for (const block of blocks.slice(at + 1)) this.setBlock(id, block.uuid, 'cancelled');
    this.setRun(id, { status: 'failed', finishedAt: new Date().toISOString() });
    return id;
  }

  addCompletedRun(projectPath: string, pipeline: string): string {
    const id = this.addRun(projectPath, pipeline, {});
    for (const { uuid } of this.snapshots.get(id)!.blocks) {
      this.log(id, uuid, `reading the input of ${uuid}`);
      this.setBlock(id, uuid, 'completed');
    }
    this.setRun(id, { status: 'completed', finishedAt: new Date().toISOString() });
    return id;
  }

  #mayFail(): void {
    if (this.failWith) throw this.failWith;
  }

  #page(request: PageRequest, estimated: boolean): Page {
    const { offset, limit } = request;
    this.pages.push({ offset, limit });
    this.asked.push(request);
    if (this.pageError && request.where) throw this.pageError;
    const count = Math.max(0, Math.min(limit, this.rowCount - offset));
    const isEstimate = estimated && !request.exact;
    const rows = Array.from({ length: count }, (_, index) => fakeRow(offset + index));
    const rowCount = isEstimate ? (this.estimate ?? this.rowCount) : this.rowCount;
    return { columns, rows, rowCount, estimated: isEstimate };
  }

  /** Lets the blocks of a run come and go by themselves. */
  #play(id: string): void {
    const snapshot = this.snapshots.get(id)!;
    const timer = setInterval(() => {
      const { blocks, run } = snapshot;
      if (run.status !== 'running') return clearInterval(timer);
      const running = blocks.filter(({ status }) => status === 'running');
      for (const block of running) {
        this.log(id, block.uuid, `${block.uuid}: a line of output at ${Date.now() % 100_000}`);
        const age = Date.now() - Date.parse(block.startedAt!);
        if (age > this.#blockMilliseconds) this.setBlock(id, block.uuid, 'completed');
      }
      const done = new Set(blocks.filter(({ status }) => status === 'completed').map(({ uuid }) => uuid));
      for (const block of blocks) {
        if (block.status === 'initial' && block.upstream.every((uuid) => done.has(uuid))) {
          this.setBlock(id, block.uuid, 'running');
        }
      }
      if (done.size === blocks.length) this.setRun(id, { status: 'completed', finishedAt: new Date().toISOString() });
    }, 150);
    this.#timers.add(timer);
  }
}

/** Three attempts; the first one failed in another way. */
const attemptsOf = (error: BlockError): Attempt[] =>
  [{ ...error, type: 'KeyError', message: "'RatecodeID'", line: 8 }, error, error].map((failed, index) => ({
    attempt: index + 1,
    status: 'failed',
    worker: 'w',
    host: 'here',
    startedAt: new Date().toISOString(),
    finishedAt: new Date().toISOString(),
    error: failed,
  }));
