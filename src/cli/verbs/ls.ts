import { Argument, type Command } from 'commander';
import type { Problem } from '../../model/problem.ts';
import type { Instance } from '../../model/project.ts';
import { resolvePipeline } from '../../project/resolve.ts';
import { openInstance } from '../open-instance.ts';
import { printJson, textTable } from '../print-table.ts';
import { lsJson, usersOfFiles } from '../shapes/ls.ts';
import { runs } from '../verb.ts';

/** `wand ls [projects|pipelines|blocks]`: what an instance holds. Broken files are in the list, marked. */
export const addLsVerb = (program: Command): void => {
  const command = program
    .command('ls')
    .description('list projects, pipelines, blocks')
    .addArgument(new Argument('[what]', 'what to list').choices(['projects', 'pipelines', 'blocks']))
    .option('-p, --pipeline <pipeline>', 'only this pipeline: PIPELINE or PROJECT/PIPELINE')
    .addHelpText('after', '\nExample:\n  $ wand ls blocks -p yellow_taxi');
  runs<{ pipeline?: string }>(command, async ({ arguments: [what], options }) => {
    const { instance, project } = openInstance(options.directory);
    const shown =
      options.pipeline === undefined ? instance : onlyPipeline(instance, options.pipeline, project?.path ?? null);
    if (options.json) return printJson(lsJson(shown, instance));
    process.stdout.write(lists[what ?? (options.pipeline === undefined ? 'pipelines' : 'blocks')]!(shown, instance));
    const problems = problemsOf(shown);
    if (problems.length > 0)
      process.stderr.write(`${problems.length} problems, marked ✗ or !; "wand check" lists them\n`);
  });
};

const onlyPipeline = (instance: Instance, name: string, preferred: string | null): Instance => {
  const { project, pipeline } = resolvePipeline(instance, name, preferred);
  return { ...instance, problems: [], projects: [{ ...project, problems: [], pipelines: [pipeline] }] };
};

const problemsOf = (instance: Instance): Problem[] => [
  ...instance.problems,
  ...instance.projects.flatMap((project) => [
    ...project.problems,
    ...project.pipelines.flatMap((pipeline) => pipeline.problems),
  ]),
];

const projectsText = (instance: Instance): string =>
  textTable(
    [{ title: '' }, { title: 'project' }, { title: 'pipelines', align: 'right' }, { title: 'path', width: 100 }],
    instance.projects.map(({ uuid, path, pipelines, problems }) => [
      mark(problems),
      uuid,
      String(pipelines.length),
      path,
    ]),
  );

const pipelinesText = (instance: Instance): string =>
  textTable(
    [
      { title: '' },
      { title: 'project' },
      { title: 'pipeline' },
      { title: 'type' },
      { title: 'blocks', align: 'right' },
      { title: 'description' },
    ],
    instance.projects.flatMap((project) => {
      if (project.pipelines.length === 0) return [[mark(project.problems), project.uuid, '', '', '', '']];
      return project.pipelines.map(({ uuid, type, blocks, description, problems }) => [
        mark(problems),
        project.uuid,
        uuid,
        type,
        String(blocks.length),
        description ?? '',
      ]);
    }),
  );

/** `used by` names the other pipelines that list the same file: an edit changes them too. */
const blocksText = (instance: Instance, whole: Instance): string =>
  textTable(
    [
      { title: '' },
      { title: 'pipeline' },
      { title: 'block' },
      { title: 'type' },
      { title: 'language' },
      { title: 'upstream' },
      { title: 'used by' },
    ],
    instance.projects.flatMap((project) => {
      const users = usersOfFiles(whole.projects.find(({ path }) => path === project.path) ?? project);
      return project.pipelines.flatMap((pipeline) =>
        pipeline.blocks.map(({ uuid, type, language, upstream, file }) => [
          mark(pipeline.problems.filter(({ block }) => block === uuid)),
          `${project.uuid}/${pipeline.uuid}`,
          uuid,
          type,
          language,
          upstream.join(', '),
          (users.get(file ?? '') ?? []).filter((other) => other !== pipeline.uuid).join(', '),
        ]),
      );
    }),
  );

const lists: Record<string, (instance: Instance, whole: Instance) => string> = {
  projects: projectsText,
  pipelines: pipelinesText,
  blocks: blocksText,
};

const mark = (problems: Problem[]): string => {
  if (problems.some(({ severity }) => severity === 'error')) return '✗';
  return problems.length > 0 ? '!' : '';
};
