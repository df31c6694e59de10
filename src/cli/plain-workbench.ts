import { ago } from '../draw/numbers.ts';
import { visibleText } from '../draw/visible-text.ts';
import type { Instance } from '../model/project.ts';
import type { Run } from '../model/run.ts';
import { messageOf } from '../problem/wand-error.ts';
import { readInstance } from '../project/instance.ts';
import { listRuns, readSnapshot } from '../store/queries/read-runs.ts';
import { printSnapshot } from './print-snapshot.ts';
import { withClient } from './with-client.ts';

const mostRuns = 200;

/**
 * What the workbench shows at its start as lines that a screen reader reads in order: projects, pipelines, their last runs in words, the newest
 * run with its blocks, and the verbs that go on from here. No cursor movement, no colour, no frames.
 */
export const plainWorkbench = async (instancePath: string, projectPath: string | null): Promise<number> => {
  const instance = readInstance(instancePath);
  const projects = instance.projects.filter(({ path }) => projectPath === null || path === projectPath);
  try {
    await withClient(async ({ store }) => {
      const runs = await listRuns(store.pool, { limit: mostRuns });
      const newest = say(projects, runs);
      const snapshot = newest && (await readSnapshot(store.pool, newest.id));
      if (snapshot) {
        print('', 'Newest run:');
        printSnapshot(snapshot);
      }
    });
  } catch (error) {
    say(projects, []);
    print('', `The runs could not be read: ${messageOf(error)}`);
  }
  print(
    '',
    'Go on with: wand run PIPELINE, wand runs, wand show RUN, wand logs RUN -f, wand preview RUN BLOCK, wand --help',
  );
  return 0;
};

/** Prints every pipeline with its last run; answers the newest run of all. */
const say = (projects: Instance['projects'], runs: readonly Run[]): Run | undefined => {
  const shown: Run[] = [];
  for (const project of projects) {
    print(`Project ${visibleText(project.uuid)}, ${project.pipelines.length} pipelines`);
    for (const { uuid, blocks, problems } of project.pipelines) {
      const last = runs.find((run) => run.projectPath === project.path && run.pipeline === uuid);
      if (last) shown.push(last);
      const broken = problems.find(({ severity }) => severity === 'error');
      const state = broken ? `broken: ${visibleText(broken.message)}` : last ? lastRun(last) : 'never ran';
      print(`  Pipeline ${visibleText(uuid)}, ${blocks.length} blocks, ${state}`);
    }
  }
  return shown.toSorted((a, b) => Number(b.id) - Number(a.id))[0];
};

const lastRun = ({ id, status, startedAt, createdAt }: Run): string =>
  `run ${id} ${status}, started ${ago(Date.now() - Date.parse(startedAt ?? createdAt))}`;

const print = (...lines: string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);
