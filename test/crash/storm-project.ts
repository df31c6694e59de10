import type { Surroundings } from '../support/program.ts';
import { entry, pipelineFile, rawSql, writeProject } from '../support/write-project.ts';
import type { StormBlock, StormPlan } from './plan.ts';

/** Rows of the storm: of scripts, of SELECTs that wand appends, and of TypeScript's exportTable. */
export const stormTables = ['storm_rows', 'storm_selected', 'storm_exported'] as const;

/** Made beforehand: a table that the first block makes has the narrowest types for that block's numbers. */
export const makeTables = stormTables
  .map((table) => `create table if not exists public.${table} (block text, n bigint, word text, part double precision)`)
  .join(';');

/** Writes the project `storm` into the surroundings' instance. */
export const writeStorm = (place: Surroundings, plan: StormPlan): void => {
  const files = plan.pipelines.map(({ uuid, blocks }) => ({
    ...pipelineFile(uuid, ...blocks.map((block) => entryOf(block, blocks))),
    ...Object.fromEntries(
      blocks.map((block) => [`${folderOf(block)}/${block.uuid}.${extensionOf(block)}`, codeOf(block)]),
    ),
  }));
  writeProject(place, 'storm', Object.assign({}, ...files));
};

const folderOf = ({ kind }: StormBlock): string => (kind === 'python' ? 'data_loaders' : 'data_exporters');
const languageOf = ({ kind }: StormBlock): 'python' | 'typescript' | 'sql' =>
  kind === 'python' || kind === 'typescript' ? kind : 'sql';
const extensionOf = (block: StormBlock): string => ({ python: 'py', typescript: 'ts', sql: 'sql' })[languageOf(block)];

const entryOf = (block: StormBlock, all: StormBlock[]): string =>
  entry({
    uuid: block.uuid,
    type: block.kind === 'python' ? 'data_loader' : 'data_exporter',
    language: languageOf(block),
    upstream: block.upstream,
    downstream: all.filter(({ upstream }) => upstream.includes(block.uuid)).map(({ uuid }) => uuid),
    rest: configurationOf(block),
  });

const configurationOf = ({ kind }: StormBlock): string => {
  if (kind === 'python' || kind === 'typescript') return 'configuration: {}';
  if (kind !== 'select') return rawSql;
  return `configuration: {data_provider: postgres, data_provider_profile: dev, data_provider_schema: public,
   data_provider_table: storm_selected, export_write_policy: append}`;
};

const codeOf = (block: StormBlock): string => {
  const { uuid, kind, first, rows, sleep } = block;
  const last = first + rows - 1;
  const select = `select '${uuid}' as block, n::bigint as n, md5(n::text) as word, (n % 1000) / 8.0::float8 as part from generate_series(${first}, ${last}) n`;
  switch (kind) {
    case 'script':
      return `insert into public.storm_rows ${select};\n${sleep > 0 ? `select pg_sleep(${sleep});\n` : ''}`;
    case 'select':
      return `${select}\n`;
    case 'frame':
      return `insert into public.storm_rows select block, n, word, part from {{ df_1 }};\n${sleep > 0 ? `select pg_sleep(${sleep});\n` : ''}`;
    case 'python':
      return python(uuid, first, rows);
    default:
      return typescript(uuid, first, last);
  }
};

const python = (uuid: string, first: number, rows: number): string => `import hashlib
import pandas as pd

if 'data_loader' not in globals():
    from mage_ai.data_preparation.decorators import data_loader


@data_loader
def load(*args, **kwargs):
    numbers = range(${first}, ${first + rows})
    return pd.DataFrame({
        'block': ['${uuid.replace(/\d+$/, (number) => String(Number(number) + 1))}'] * ${rows},
        'n': list(numbers),
        'word': [hashlib.md5(str(n).encode()).hexdigest() for n in numbers],
        'part': [(n % 1000) / 8.0 for n in numbers],
    })
`;

const typescript = (
  uuid: string,
  first: number,
  last: number,
): string => `import { exporter, exportTable, sql } from 'wand';

export default exporter(() =>
  exportTable(
    sql\`select '${uuid}' as block, n::bigint as n, md5(n::varchar) as word, ((n % 1000) / 8.0)::double as part from range(${first}, ${last + 1}) as r(n)\`,
    { profile: 'dev', schema: 'public', table: 'storm_exported', ifExists: 'append' },
  ),
);
`;
