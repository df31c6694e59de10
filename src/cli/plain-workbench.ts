import { ago } from '../draw/numbers.ts';
import { visibleText } from '../draw/visible-text.ts';
import type { Instance } from '../model/project.ts';
import type { Run, RunSnapshot } from '../model/run.ts';
import { messageOf } from '../problem/wand-error.ts';
import { readInstance } from '../project/instance.ts';
import { listRuns, readSnapshot } from '../store/queries/read-runs.ts';
import { printSnapshot } from './print-snapshot.ts';
import { withClient } from './with-client.ts';

/**
 * What the workbench shows at its start as lines that a screen reader reads in order: projects, pipelines, their last runs in words, the newest
 * run with its blocks, and the verbs that go on from here. No cursor movement, no colour, no frames.
 */
export const plainWorkbench = async (instancePath: string, projectPath: string | null): Promise<number> => {
  const instance = readInstance(instancePath);
  const projects = instance.projects.filter(({ path }) => projectPath === null || path === projectPath);
  const { runs, snapshot, trouble } = await lastRuns(projects);
  say(projects, runs);
  if (snapshot) {
    print('', 'Newest run:');
    printSnapshot(snapshot);
  }
  if (trouble !== null) print('', `The runs could not be read: ${visibleText(trouble)}`);
  print(
    '',
    'Go on with: wand run PIPELINE, wand runs, wand show RUN, wand logs RUN -f, wand preview RUN BLOCK, wand --help',
  );
  return 0;
};

type LastRuns = { runs: Run[]; snapshot: RunSnapshot | null; trouble: string | null };

/** The last run of each pipeline, and the newest of them with its blocks. */
const lastRuns = async (projects: Instance['projects']): Promise<LastRuns> => {
  const runs: Run[] = [];
  try {
    return await withClient(async ({ store: { pool } }) => {
      for (const { path, pipelines } of projects)
        for (const { uuid } of pipelines)
          runs.push(...(await listRuns(pool, { projectPath: path, pipeline: uuid, limit: 1 })));
      const [newest] = runs.toSorted((a, b) => Number(b.id) - Number(a.id));
      return { runs, snapshot: newest ? await readSnapshot(pool, newest.id) : null, trouble: null };
    });
  } catch (error) {
    return { runs, snapshot: null, trouble: messageOf(error) };
  }
};

/** Prints every pipeline with its last run. */
const say = (projects: Instance['projects'], runs: readonly Run[]): void => {
  for (const project of projects) {
    print(`Project ${visibleText(project.uuid)}, ${project.pipelines.length} pipelines`);
    for (const { uuid, blocks, problems } of project.pipelines) {
      const last = runs.find((run) => run.projectPath === project.path && run.pipeline === uuid);
      const broken = problems.find(({ severity }) => severity === 'error');
      const state = broken ? `broken: ${visibleText(broken.message)}` : last ? lastRun(last) : 'never ran';
      print(`  Pipeline ${visibleText(uuid)}, ${blocks.length} blocks, ${state}`);
    }
  }
};

const lastRun = ({ id, status, startedAt, createdAt }: Run): string =>
  `run ${id} ${status}, started ${ago(Date.now() - Date.parse(startedAt ?? createdAt))}`;

const print = (...lines: string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);
