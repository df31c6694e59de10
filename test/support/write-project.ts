import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Surroundings } from './program.ts';

/**
 * Adds a project to the surroundings' instance, with these files (path -> text) and the sample's io_config.yaml, whose profile `dev` is the
 * data database. Answers its folder.
 */
export const writeProject = (
  { root }: Pick<Surroundings, 'root'>,
  name: string,
  files: Record<string, string>,
): string => {
  const project = join(root, 'projects', name);
  for (const [path, text] of Object.entries({ 'metadata.yaml': 'project_type: standalone\n', ...files })) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
  cpSync(join(root, 'projects', 'taxi', 'io_config.yaml'), join(project, 'io_config.yaml'));
  return project;
};

/** The file of a pipeline with these entries, for `writeProject`. */
export const pipelineFile = (name: string, ...blocks: string[]): Record<string, string> => ({
  [`pipelines/${name}/metadata.yaml`]: `name: ${name}\ntype: python\nblocks:\n${blocks.join('\n')}\n`,
});

export type Entry = {
  uuid: string;
  type: 'data_loader' | 'transformer' | 'data_exporter';
  language: 'sql' | 'typescript' | 'python';
  upstream?: string[];
  downstream?: string[];
  /** Further keys, as YAML in flow style. */
  rest?: string;
};

/** A block's entry in a pipeline file. */
export const entry = ({ uuid, type, language, upstream = [], downstream = [], rest }: Entry): string =>
  `- {uuid: ${uuid}, name: ${uuid}, type: ${type}, language: ${language}, upstream_blocks: [${upstream.join(', ')}], ` +
  `downstream_blocks: [${downstream.join(', ')}]${rest ? `, ${rest}` : ''}}`;

/** The configuration of a script of SQL on the data database. */
export const rawSql = 'configuration: {data_provider: postgres, data_provider_profile: dev, use_raw_sql: true}';
