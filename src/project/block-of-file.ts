import { realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { Block, BlockLanguage, Pipeline, Project } from '../model/project.ts';
import { WandError } from '../problem/wand-error.ts';
import { blockTypes, extensions, folderOfType } from './block-kinds.ts';

/** A block's file as something to run by itself (decisions.md 8), with the pipeline whose settings it has. */
export type FileBlock = { block: Block; pipeline: Pipeline | null };

/** Whether an argument names a block's file: by its ending. */
export const isBlockFile = (name: string): boolean => /\.(py|sql|ts|r)$/i.test(name);

/**
 * The block that a file is. If exactly one pipeline lists it, with the settings it has there; if several, `wanted` must name one of them. One that no
 * pipeline lists: SQL is raw, on the profile `default`. Throws WandError, exit 2.
 */
export const blockOfFile = (project: Project, file: string, wanted: string | undefined): FileBlock => {
  const path = real(file);
  const listing = project.pipelines.filter(({ blocks }) => blocks.some((block) => isFile(block, path)));
  const chosen = wanted === undefined ? listing : listing.filter(({ uuid }) => uuid === wanted);
  if (wanted !== undefined && chosen.length === 0) {
    throw new WandError('not-in-pipeline', `${file} is no block of ${wanted}`, {
      fix:
        listing.length === 0
          ? `no pipeline lists it: leave out -p`
          : `pipelines that list it: ${listing.map(({ uuid }) => uuid).join(', ')}`,
    });
  }
  if (chosen.length > 1) {
    throw new WandError(
      'pipeline-ambiguous',
      `several pipelines list ${file}: ${chosen.map(({ uuid }) => uuid).join(', ')}`,
      {
        fix: `say whose settings and inputs it gets: -p ${chosen[0]!.uuid}`,
      },
    );
  }
  const [pipeline = null] = chosen;
  const listed = pipeline?.blocks.find((block) => isFile(block, path));
  return { block: listed ?? unlistedBlock(project, resolve(file)), pipeline };
};

const isFile = ({ file, fileExists }: Block, path: string): boolean =>
  file !== null && fileExists && real(file) === path;

const real = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
};

const unlistedBlock = (project: Project, file: string): Block => {
  const extension = file.slice(file.lastIndexOf('.') + 1).toLowerCase();
  const language = (Object.entries(extensions).find(([, end]) => end === extension)?.[0] ?? 'python') as BlockLanguage;
  const parts = relative(real(project.path), real(file)).split(sep);
  const type = [...blockTypes].find((it) => folderOfType(it) === parts[0]) ?? 'custom';
  const uuid = (parts.length > 1 && parts[0] === folderOfType(type) ? parts.slice(1) : parts).join('/');
  const configuration =
    language === 'sql' ? { use_raw_sql: true, data_provider: 'postgres', data_provider_profile: 'default' } : {};
  return {
    uuid: uuid.slice(0, uuid.lastIndexOf('.')),
    name: uuid,
    type,
    language,
    file,
    fileExists: true,
    upstream: [],
    downstream: [],
    configuration,
    retryConfig: {},
    timeout: null,
    replicatedBlock: null,
    line: 1,
  };
};
