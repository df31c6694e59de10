import { shellWord, variableText } from '../../engine/client/rerun-command.ts';
import type { PipelineReference, RerunRequest } from '../workbench-source.ts';
import type { State } from './state.ts';

/** Words as one line that a POSIX shell reads back as the same words. */
export const commandLine = (...words: readonly string[]): string => words.map(shellWord).join(' ');

/** How a command names a pipeline. */
export const pipelineWord = ({ instance }: Pick<State, 'instance'>, reference: PipelineReference): string => {
  const project = instance?.projects.find(({ path }) => path === reference.projectPath);
  return project ? `${project.uuid}/${reference.pipeline}` : reference.pipeline;
};

/** The `wand sql` that runs the same statement in the same database. */
export const sqlWords = ({
  sql,
  write,
  profile,
}: {
  sql: string;
  write: boolean;
  profile: string | null;
}): string[] => [
  ...['wand', 'sql', sql],
  ...(profile === null ? [] : ['--profile', profile]),
  ...(write ? ['--write'] : []),
];

/** The `wand run` that asks for the same run. */
export const rerunLine = (state: Pick<State, 'instance'>, request: RerunRequest): string => {
  const { from, block, upto, failed, runId, variables, date, code } = request;
  const option = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [name, value]);
  return commandLine(
    'wand',
    'run',
    pipelineWord(state, request),
    ...option('--from', from),
    ...option('--block', block),
    ...option('--upto', upto),
    ...(failed ? ['--failed'] : []),
    ...option('--run', runId),
    ...(code === 'then' ? ['--code', 'then'] : []),
    ...Object.entries(variables ?? {}).flatMap(([name, value]) => ['--var', `${name}=${variableText(value)}`]),
    ...option('--date', date),
  );
};
