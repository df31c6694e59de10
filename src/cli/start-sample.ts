import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { type EngineClient, ensureWorker, openClient, startRun } from '../engine/client/index.ts';
import { readTablePage } from '../engine/client/read-page.ts';
import { stopSupervisor, supervisorPid } from '../engine/supervisor.ts';
import { packageRoot } from '../home/package-root.ts';
import { statePath } from '../home/paths.ts';
import { makePrivateFolder } from '../home/private-file.ts';
import type { Pipeline, Project } from '../model/project.ts';
import { embeddedServerStatus } from '../postgres/embedded/status.ts';
import { stopIfUnused } from '../postgres/embedded/stop.ts';
import { messageOf, WandError } from '../problem/wand-error.ts';
import { readInstance } from '../project/instance.ts';
import { resolvePipeline } from '../project/resolve.ts';
import { ensureEnvFile } from '../secrets/course-env.ts';
import { listRuns } from '../store/queries/read-runs.ts';
import { runInForeground } from './foreground-run.ts';
import { printPage } from './print-page.ts';
import { showWorkbench } from './show-workbench.ts';
import { withClient } from './with-client.ts';

type Sample = { project: Project; pipeline: Pipeline };

const say = (text: string): void => void process.stderr.write(`wand: ${text}\n`);

/** Runs the taxi pipelines of the sample instance: on a terminal it opens the workbench on them, elsewhere it prints and ends. */
export const startSample = async (): Promise<number> => {
  const instancePath = join(packageRoot(), 'projects');
  const made = ensureEnvFile(instancePath);
  if (made?.created) say(`made ${made.path} from dev.env`);
  const sampleOf = (name: string): Sample => resolvePipeline(readInstance(instancePath), name);
  return process.stdin.isTTY && process.stdout.isTTY ? startOnTerminal(instancePath, sampleOf) : startPiped(sampleOf);
};

/** Submits what has no completed run yet, and opens the workbench while it runs. */
const startOnTerminal = async (instancePath: string, sampleOf: (name: string) => Sample): Promise<number> => {
  const client = await openClient();
  try {
    await submitOnce(client, sampleOf('taxi/yellow_taxi'));
    if (!(await hasCompletedRun(client, sampleOf('taxi/api_to_postgres')))) submitPythonLater();
    await ensureWorker(client);
  } finally {
    await client.close();
  }
  const { project } = sampleOf('taxi/yellow_taxi');
  return showWorkbench({ instancePath, start: { project: project.path, pipeline: 'yellow_taxi' } });
};

/** Python's packages may take minutes to come: a process of its own fetches them and submits, while the workbench is open and after. */
const submitPythonLater = (): void => {
  const path = join(makePrivateFolder(statePath('logs')), 'start.log');
  const log = openSync(path, 'a', 0o600);
  const args = [join(packageRoot(), 'dist', 'main.js'), 'start', '--python'];
  spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log] }).unref();
  closeSync(log);
  say(`taxi/api_to_postgres runs as soon as Python is ready (${path})`);
};

/** What that process does. Answers the exit code. */
export const startPythonSample = async (): Promise<number> => {
  const sample = resolvePipeline(readInstance(join(packageRoot(), 'projects')), 'taxi/api_to_postgres');
  const missing = await preparePython(sample.project.path);
  if (missing) say(`taxi/api_to_postgres was not run: ${missing}`);
  else await withClient((client) => submitOnce(client, sample));
  return missing ? 1 : 0;
};

const submitOnce = async (client: EngineClient, sample: Sample): Promise<void> => {
  if (await hasCompletedRun(client, sample)) return;
  await startRun(client, { ...sample, trigger: 'npm start' });
  await ensureWorker(client);
};

const hasCompletedRun = async (client: EngineClient, { project, pipeline }: Sample): Promise<boolean> => {
  const filter = { projectPath: project.path, pipeline: pipeline.uuid, status: 'completed' as const, limit: 1 };
  return (await listRuns(client.store.pool, filter)).length > 0;
};

/** Runs both, prints the loaded table, and stops what it started. */
const startPiped = async (sampleOf: (name: string) => Sample): Promise<number> => {
  const wasThere = { server: embeddedServerStatus().state === 'running', supervisor: supervisorPid() !== null };
  const client = await openClient();
  let exitCode = 0;
  try {
    const taxi = sampleOf('taxi/yellow_taxi');
    say('running taxi/yellow_taxi');
    exitCode = Math.max(exitCode, await runSample(client, taxi));
    const missing = await preparePython(taxi.project.path);
    if (missing) {
      say(`taxi/api_to_postgres was not run: ${missing}`);
      exitCode = 1;
    } else {
      say('running taxi/api_to_postgres');
      exitCode = Math.max(exitCode, await runSample(client, sampleOf('taxi/api_to_postgres')));
    }
    const table = { schema: 'ny_taxi', table: 'yellow_cab_data' };
    process.stdout.write('ny_taxi.yellow_cab_data\n');
    printPage(
      { table: 'ny_taxi.yellow_cab_data' },
      await readTablePage(taxi.project.path, table, { offset: 0, limit: 10 }),
    );
  } finally {
    if (!wasThere.supervisor) await stopSupervisor();
    await client.close();
    if (!wasThere.server) await stopIfUnused();
  }
  return exitCode;
};

const runSample = async (client: EngineClient, sample: Sample): Promise<number> => {
  const { snapshot } = await runInForeground(client, { ...sample, trigger: 'npm start' });
  return snapshot.run.status === 'completed' ? 0 : 1;
};

/** Makes the Python environment if it is missing; answers why that was not possible, or null. */
const preparePython = async (projectPath: string): Promise<string | null> => {
  try {
    const { ensurePython } = await import('../blocks/python/setup.ts');
    await ensurePython({ projectPath, log: say });
    return null;
  } catch (error) {
    return `${messageOf(error)}${error instanceof WandError && error.fix ? ` (${error.fix})` : ''}`;
  }
};
