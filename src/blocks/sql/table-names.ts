import type { BlockTask } from '../../model/block-task.ts';
import type { ConnectionConfig } from '../../model/connection-config.ts';
import { qualifiedName } from '../../postgres/identifiers.ts';
import { foldName } from './folded-name.ts';

/** A table by its names as the server stores them. */
export type TableName = { schema: string; table: string };

/** The table a block without `use_raw_sql` fills (mage-format.md 4.1, 4.2), named as in a scheduled run: no prefix. */
export const blockTable = (task: BlockTask, config: ConnectionConfig): TableName => ({
  schema: schemaOf(task.configuration, config),
  table: textOf(task.configuration.data_provider_table) ?? defaultTable(task.pipelineUuid, task.blockUuid),
});

/** `data_provider_schema`, else the profile's schema, else `public`, where Mage fails. */
export const schemaOf = (configuration: Record<string, unknown>, { schema }: ConnectionConfig): string =>
  textOf(configuration.data_provider_schema) ?? (schema ? foldName(schema) : 'public');

/** `<pipeline>_<block>_v1`. A file run has no pipeline, and the block's name alone. */
export const defaultTable = (pipeline: string | null, block: string): string =>
  foldName([pipeline, cleanName(block), 'v1'].filter(Boolean).join('_'));

/** A dotted `table_name` of `upstream_block_configuration`: the last part is the table, the one before it the schema. */
export const dottedName = (text: string): { schema: string | null; table: string } => {
  const parts = text.match(/"(?:[^"]|"")+"|[^."]+/g) ?? [text];
  return { schema: parts.length > 1 ? foldName(parts.at(-2)!) : null, table: foldName(parts.at(-1)!) };
};

/** Mage's name -> uuid (mage-format.md 1.4), without nested folders: everything but letters, digits and `_` becomes `_`. */
export const cleanName = (name: string): string => {
  const cleaned = name.replace(/[\ufeff"$\r\n\t]/g, '').replace(/[^\p{L}\p{N}_]/gu, '_');
  return (/^\d/.test(cleaned) ? `letter_${cleaned}` : cleaned).toLowerCase();
};

export const sqlName = (name: TableName): string => qualifiedName(name);

export const plainName = ({ schema, table }: TableName): string => `${schema}.${table}`;

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? foldName(value.trim()) : null;
