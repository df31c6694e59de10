import type { Client } from 'pg';
import type { BlockContext } from '../../model/block-task.ts';
import type { RelationReference, StoredOutput } from '../../model/output.ts';
import type { MarkedWork } from '../marker/marked-transaction.ts';
import { type Execution, execute } from './execution.ts';
import type { RenderedSql } from './line-marks.ts';
import { previewTable, type RawScript, type ScriptStatement } from './raw-script.ts';
import { placed } from './sql-error.ts';
import { resultLimit, storeResult } from './store-result.ts';
import { elapsed } from './upload.ts';

/** Mage's preview of a table that the block wrote to (mage-format.md 4.4). */
const previewRows = 1_000;

/**
 * A block with `use_raw_sql`: statement by statement (mage-format.md 4.4). The last result set is the output; when the
 * last write comes after it, the first rows of the table written to are. `between` runs before each statement and may
 * change the transaction.
 */
export const runRawBlock = async (
  context: BlockContext,
  client: Client,
  script: RawScript,
  between: (statement: ScriptStatement) => Promise<void> = async () => undefined,
): Promise<MarkedWork> => {
  let output: StoredOutput | null = null;
  let hasWrittenSince = false;
  for (const [index, statement] of script.statements.entries()) {
    await between(statement);
    const begun = performance.now();
    const rest = script.statements.slice(index + 1);
    const ran = await placed(statement, () => runStatement(context, client, statement, rest));
    context.log({ level: 'info', source: 'wand', text: `${ran.tag} (line ${statement.line}, ${elapsed(begun)})` });
    if (ran.isResult) {
      output = ran.output ?? output;
      hasWrittenSince = false;
    } else if (statement.kind.write) hasWrittenSince = true;
  }
  if (hasWrittenSince) output = (await preview(context, client, script)) ?? output;
  return { outputs: output ? [output] : [], rows: output?.rows ?? null };
};

/** The whole text in one call: no output, nothing split (mage-format.md 4.4, `disable_query_preprocessing`). */
export const runUnsplit = async (client: Client, rendered: RenderedSql): Promise<MarkedWork> => {
  await placed({ text: rendered.text, start: 0 }, () => client.query(rendered.text));
  return { outputs: [], rows: null };
};

type Ran = { isResult: boolean; output: StoredOutput | null; tag: string };

const runStatement = async (
  context: BlockContext,
  client: Client,
  statement: ScriptStatement,
  rest: ScriptStatement[],
): Promise<Ran> => {
  const execution = await execute(client, statement.text);
  if (!execution.fields || execution.fields.length === 0) {
    return { isResult: false, output: null, tag: await execution.finish() };
  }
  // A result set that another one surely follows is read and not stored.
  if (rest.some(surelyGivesRows)) return { isResult: true, output: null, tag: await execution.finish() };
  const limit = resultLimit(context.task.configuration);
  const output = await storeResult(context, execution, execution.fields, limit);
  return { isResult: true, output, tag: tagOf(statement, output) };
};

const surelyGivesRows = ({ tokens }: ScriptStatement): boolean => {
  const words = tokens.map(({ kind, text }) => (kind === 'word' ? text.toLowerCase() : '?'));
  return ['select', 'values', 'table', 'show'].includes(words[0]!) && !words.includes('into');
};

const tagOf = ({ tokens }: ScriptStatement, { rows }: StoredOutput): string =>
  `${tokens[0]!.text.toUpperCase()} ${rows ?? 0}`;

const preview = async (context: BlockContext, client: Client, script: RawScript): Promise<StoredOutput | null> => {
  const shown = previewTable(script.statements);
  const relation = shown ? await relationOf(context, client, shown) : null;
  // A script may drop again what it has made.
  if (!shown || !relation) return null;
  const execution: Execution = await execute(client, `SELECT * FROM ${shown} LIMIT ${previewRows}`);
  if (!execution.fields || execution.fields.length === 0) {
    await execution.close();
    return null;
  }
  const output = await storeResult(context, execution, execution.fields, previewRows);
  return relation.temporary ? output : { ...output, relation: relation.reference };
};

/** The table a name means now; other blocks can refer to it unless it is temporary. */
const relationOf = async (
  context: BlockContext,
  client: Client,
  table: string,
): Promise<{ reference: RelationReference; temporary: boolean } | null> => {
  const { rows } = await client.query<{ schema: string; name: string; temporary: boolean }>(
    `SELECT n.nspname AS schema, c.relname AS name, c.relpersistence = 't' AS temporary
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = to_regclass($1)`,
    [table],
  );
  const found = rows[0];
  if (!found) return null;
  const profile = String(context.task.configuration.data_provider_profile);
  return { reference: { profile, schema: found.schema, table: found.name }, temporary: found.temporary };
};
