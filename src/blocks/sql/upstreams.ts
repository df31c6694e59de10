import { readFileSync } from 'node:fs';
import type { BlockContext, BlockInput } from '../../model/block-task.ts';
import type { ConnectionConfig } from '../../model/connection-config.ts';
import type { RelationReference, StoredOutput } from '../../model/output.ts';
import { WandError } from '../../problem/wand-error.ts';
import { sourceOf } from '../source-of.ts';
import { referencedNumbers } from './render-sql.ts';
import { splitStatements } from './split-statements.ts';
import { kindOf } from './statement-kind.ts';
import { blockTable, defaultTable, dottedName, schemaOf, sqlName, type TableName } from './table-names.ts';

/** What stands for one `{{ df_N }}`: a table that is there, one that must be uploaded first, or the query itself. */
export type Upstream =
  | { kind: 'table'; table: TableName }
  | { kind: 'upload'; input: BlockInput; output: StoredOutput | null; table: TableName }
  | { kind: 'query'; query: string; alias: string };

/** The upstream blocks that the text refers to, by number (mage-format.md 4.3, steps 2 and 3). Numbers out of range are left out. */
export const resolveUpstreams = async (
  context: BlockContext,
  config: ConnectionConfig,
  template: string,
): Promise<Map<number, Upstream>> => {
  const found = new Map<number, Upstream>();
  for (const number of referencedNumbers(template)) {
    const input = context.task.inputs[number - 1];
    if (number > 0 && input) found.set(number, await resolveUpstream(context, config, input));
  }
  return found;
};

/** The SQL for a reference; `following` is the text behind it, which may bring an alias of its own. */
export const referenceSql = (upstream: Upstream, following: string): string => {
  if (upstream.kind !== 'query') return sqlName(upstream.table);
  const query = `(\n${upstream.query}\n)`;
  return bringsAlias(following) ? query : `${query} AS "${upstream.alias.replaceAll('"', '""')}"`;
};

const resolveUpstream = async (
  context: BlockContext,
  config: ConnectionConfig,
  input: BlockInput,
): Promise<Upstream> => {
  const relation = input.outputs.find((output) => output.relation)?.relation;
  if (relation && (await isSameDatabase(context, config, relation))) return { kind: 'table', table: relation };
  if (input.language === 'sql') refuseOtherProvider(context, input);
  const table = uploadTable(context, config, input);
  if (input.blockType === 'sensor') return { kind: 'table', table };
  const query = relation ? null : await inlineQuery(context, config, input);
  if (query !== null) return { kind: 'query', query, alias: table.table };
  const [output = null] = input.outputs;
  if (input.outputs.length > 1) {
    const text = `several-outputs: ${input.block} has ${input.outputs.length} outputs; the first one is uploaded`;
    context.log({ level: 'warning', source: 'wand', text });
  }
  return { kind: 'upload', input, output, table };
};

const isSameDatabase = async (
  { task, connection }: BlockContext,
  config: ConnectionConfig,
  { profile }: RelationReference,
): Promise<boolean> => {
  if (profile === task.configuration.data_provider_profile) return true;
  const other = await connection(profile);
  return other.host === config.host && other.port === config.port && other.database === config.database;
};

const refuseOtherProvider = ({ task }: BlockContext, input: BlockInput): void => {
  const provider = input.configuration?.data_provider;
  if (task.configuration.use_raw_sql && provider !== undefined && provider !== task.configuration.data_provider) {
    throw new WandError(
      'other-provider',
      `block ${input.block} works in ${String(provider)}, so its table cannot be read by raw SQL in ${String(task.configuration.data_provider)}`,
      { fix: 'Hand the rows on through a Python block.' },
    );
  }
};

/** Where an upstream is uploaded to; the order of mage-format.md 4.3, step 2. */
const uploadTable = ({ task }: BlockContext, config: ConnectionConfig, input: BlockInput): TableName => {
  const own = { ...task, blockUuid: input.block, configuration: input.configuration ?? {} };
  const given = asRecord(asRecord(task.configuration.upstream_block_configuration)[input.block]).table_name;
  const dotted = typeof given === 'string' && given.trim() !== '' ? dottedName(given.trim()) : null;
  const sameProfile =
    own.configuration.data_provider === task.configuration.data_provider &&
    own.configuration.data_provider_profile === task.configuration.data_provider_profile;
  const inherited = sameProfile && own.configuration.data_provider_schema ? own.configuration : task.configuration;
  return {
    schema: dotted?.schema ?? schemaOf(inherited, config),
    table:
      dotted?.table ??
      (input.language === 'sql' ? blockTable(own, config).table : defaultTable(task.pipelineUuid, input.block)),
  };
};

const asRecord = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};

/**
 * The query of a raw SQL block, to stand in the text in its place. Null if its text is more than one query, writes, or
 * refers to other blocks, whose numbers would mean others here: then its stored rows are uploaded.
 */
const inlineQuery = async (
  context: BlockContext,
  config: ConnectionConfig,
  input: BlockInput,
): Promise<string | null> => {
  const { configuration, file } = input;
  if (input.language !== 'sql' || !configuration?.use_raw_sql || !file) return null;
  const profile = configuration.data_provider_profile;
  if (configuration.data_provider !== context.task.configuration.data_provider || typeof profile !== 'string')
    return null;
  if (!(await isSameDatabase(context, config, { profile, schema: '', table: '' }))) return null;
  const text = readFileSync(sourceOf(context.task.code, file), 'utf8');
  const statements = splitStatements(text);
  const only = statements.length === 1 ? statements[0]! : null;
  if (!only || referencedNumbers(text).length > 0 || kindOf(only).write) return null;
  return /^(select|with|values|table|\()$/i.test(only.tokens[0]!.text) ? only.text : null;
};

/** Words that may follow a table in FROM and are no alias. */
const afterTable = new Set(
  (
    'where join left right inner cross full natural on using group order limit union having window offset fetch for except ' +
    'intersect tablesample returning set when lateral'
  ).split(' '),
);

const bringsAlias = (following: string): boolean => {
  const word = /^\s+("|[\p{L}_][\p{L}\p{N}_]*)/u.exec(following)?.[1]?.toLowerCase();
  return word !== undefined && !afterTable.has(word);
};
