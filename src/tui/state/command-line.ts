import { commandLine, runLine } from '../../engine/client/rerun-command.ts';
import type { PipelineReference, RerunRequest } from '../workbench-source.ts';
import type { State } from './state.ts';

export { commandLine };

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

/** What of a pipeline a request runs; undefined is all of it. */
export const selectionOf = ({ from, block, upto, failed }: RerunRequest) =>
  from ? { from } : block ? { block } : upto ? { upto } : failed ? { failed: true as const } : undefined;

/** The `wand run` that asks for the same run. */
export const rerunLine = (state: Pick<State, 'instance'>, request: RerunRequest): string => {
  const { runId, date } = request;
  const words = {
    ...request,
    selection: selectionOf(request),
    executionDate: date === undefined ? date : new Date(date),
  };
  return runLine(pipelineWord(state, request), words, runId ?? null);
};
