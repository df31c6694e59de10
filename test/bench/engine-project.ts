import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A pipeline of blocks that do nothing: one after the other, or all but the first below the first. */
export type Shape = { pipeline: string; language: 'sql' | 'typescript' | 'python'; blocks: number; chain: boolean };

export const chains: Shape[] = (['sql', 'typescript', 'python'] as const).map((language) => ({
  pipeline: `${language}_chain`,
  language,
  blocks: 100,
  chain: true,
}));
export const fan: Shape = { pipeline: 'sql_fan', language: 'sql', blocks: 1_001, chain: false };
export const large: Shape = { pipeline: 'large', language: 'sql', blocks: 2_000, chain: false };
const shapes = [...chains, fan, large];

const code = {
  sql: { file: 'no_op.sql', text: 'select 1 as one;\n' },
  typescript: {
    file: 'no_op.ts',
    text: "import { transformer } from 'wand';\nexport default transformer(() => undefined);\n",
  },
  python: {
    file: 'no_op.py',
    text: '@transformer\ndef no_op(*args, **kwargs):\n    return None\n',
  },
};

/** Writes project `noop` into a folder; all blocks of a language share one file. Answers its path. */
export const writeNoOpProject = (instance: string): string => {
  const project = join(instance, 'noop');
  mkdirSync(join(project, 'transformers'), { recursive: true });
  writeFileSync(join(project, 'metadata.yaml'), 'project_type: standalone\n');
  writeFileSync(join(project, 'io_config.yaml'), `dev:\n${profileKeys.map(profileLine).join('')}`);
  for (const { file, text } of Object.values(code)) writeFileSync(join(project, 'transformers', file), text);
  for (const shape of shapes) {
    mkdirSync(join(project, 'pipelines', shape.pipeline), { recursive: true });
    writeFileSync(join(project, 'pipelines', shape.pipeline, 'metadata.yaml'), yamlOf(shape));
  }
  return project;
};

const profileKeys = ['DBNAME', 'SCHEMA', 'USER', 'PASSWORD', 'HOST', 'PORT'];

const profileLine = (key: string): string => `  POSTGRES_${key}: "{{ env_var('POSTGRES_${key}') }}"\n`;

const yamlOf = ({ pipeline, language, blocks, chain }: Shape): string => {
  const lines = Array.from({ length: blocks }, (_, index) => {
    const upstream = index === 0 ? '' : chain ? `b${index - 1}` : 'b0';
    const configuration = `{file_path: transformers/${code[language].file}, data_provider: postgres, data_provider_profile: dev, use_raw_sql: true}`;
    return `- {uuid: b${index}, type: transformer, language: ${language}, upstream_blocks: [${upstream}], configuration: ${configuration}}`;
  });
  return `name: ${pipeline}\ntype: python\nblocks:\n${lines.join('\n')}\n`;
};
