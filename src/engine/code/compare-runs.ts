import { isDeepStrictEqual } from 'node:util';
import type { BlockChange, Changed, FileChange, RunChanges } from '../../model/run-changes.ts';
import { WandError } from '../../problem/wand-error.ts';
import type { Store } from '../../store/open-store.ts';
import type { BlockDefinition } from '../run-definition.ts';
import { unifiedDiff } from './unified-diff.ts';

/** What the code, the settings and the variables of two runs differ in. Throws `run-not-found`. */
export const compareRuns = async (store: Store, left: string, right: string): Promise<RunChanges> => {
  const [one, other] = [await readRun(store, left), await readRun(store, right)];
  return {
    left,
    right,
    executionDate: one.date === other.date ? null : { left: one.date, right: other.date },
    variables: changedValues(one.variables, other.variables),
    blocks: changedBlocks(one.blocks, other.blocks),
    files: await changedCode(store, one, other),
  };
};

type ComparedBlock = {
  uuid: string;
  type: string;
  language: string;
  upstream: string[];
  definition: BlockDefinition;
};

type ComparedRun = {
  date: string;
  path: string;
  variables: Record<string, unknown>;
  manifest: Record<string, string> | null;
  blocks: ComparedBlock[];
};

const readRun = async ({ pool }: Store, id: string): Promise<ComparedRun> => {
  const { rows } = await pool.query<ComparedRun>(
    `select wand.iso(r.execution_date) as date, r.project_path as path, r.variables,
       (select c.manifest from wand.code c where c.hash = r.settings->>'code') as manifest,
       coalesce((select jsonb_agg(jsonb_build_object('uuid', b.uuid, 'type', b.block_type, 'language', b.language,
         'definition', b.definition, 'upstream', coalesce((select jsonb_agg(u.uuid order by d.position)
           from wand.dependency d join wand.block_run u on u.id = d.upstream where d.downstream = b.id), '[]'))
         order by b.position, b.id)
         -- Children of a dynamic block come from its rows, not from the pipeline.
         from wand.block_run b where b.run_id = r.id and not b.definition ? 'childOf'), '[]') as blocks
     from wand.run r where r.id = $1`,
    [id],
  );
  if (rows[0]) return rows[0];
  throw new WandError('run-not-found', `there is no run ${id}`, { fix: 'wand runs lists them' });
};

const changedValues = (left: Record<string, unknown>, right: Record<string, unknown>): Changed[] =>
  [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((name) => !isDeepStrictEqual(left[name], right[name]))
    .map((name) => ({
      name,
      ...(name in left ? { left: left[name] } : {}),
      ...(name in right ? { right: right[name] } : {}),
    }));

const changedBlocks = (left: readonly ComparedBlock[], right: readonly ComparedBlock[]): BlockChange[] => {
  const names = [...new Set([...left, ...right].map(({ uuid }) => uuid))];
  return names.flatMap((block): BlockChange[] => {
    const [one, other] = [left, right].map((blocks) => blocks.find(({ uuid }) => uuid === block));
    if (!one || !other) return [{ block, change: one ? 'removed' : 'added', upstream: null, settings: [] }];
    const upstream = isDeepStrictEqual(one.upstream, other.upstream)
      ? null
      : { left: one.upstream, right: other.upstream };
    const settings = changedValues(settingsOf(one), settingsOf(other));
    return upstream === null && settings.length === 0 ? [] : [{ block, change: 'changed', upstream, settings }];
  });
};

/** What the pipeline's file says of a block, under the names it has there. */
const settingsOf = ({ type, language, definition }: ComparedBlock): Record<string, unknown> => {
  const { configuration, retryConfig, timeout, tags, conditionals, callbacks } = definition;
  const attached = (blocks: { uuid: string }[] | undefined): string[] => (blocks ?? []).map(({ uuid }) => uuid);
  const named = (prefix: string, values: Record<string, unknown>) =>
    Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]);
  return Object.fromEntries([
    ['type', type],
    ['language', language],
    ...named('configuration', configuration),
    ...named('retry_config', retryConfig),
    ['timeout', timeout],
    ['worker_tags', tags ?? []],
    ['conditionals', attached(conditionals)],
    ['callbacks', attached(callbacks)],
  ]);
};

/** Others, such as io_config.yaml, may hold passwords: that they have changed is said, not what. */
const shownCode = /\.(py|sql|ts|js|mjs|r)$/i;

const changedCode = async ({ pool }: Store, left: ComparedRun, right: ComparedRun): Promise<FileChange[] | null> => {
  if (!left.manifest || !right.manifest) return null;
  const paths = [...new Set([...Object.keys(left.manifest), ...Object.keys(right.manifest)])].sort();
  const changed = paths.filter((path) => left.manifest![path] !== right.manifest![path]);
  const hashes = changed
    .filter((path) => shownCode.test(path))
    .flatMap((path) => [left.manifest![path], right.manifest![path]])
    .filter((hash) => hash !== undefined);
  const { rows } = await pool.query<{ sha256: string; content: Buffer }>(
    'select sha256, content from wand.code_file where sha256 = any($1)',
    [hashes],
  );
  const contents = new Map(rows.map(({ sha256, content }) => [sha256, content.toString('utf8')]));
  const textOf = ({ manifest }: ComparedRun, path: string): string | null => {
    const hash = manifest![path];
    return hash === undefined ? '' : (contents.get(hash) ?? null);
  };
  const files = changed.map((path): FileChange => {
    const [before, after] = [textOf(left, path), textOf(right, path)];
    const isText = before !== null && after !== null && !`${before}${after}`.includes('\0');
    return {
      path,
      change:
        left.manifest![path] === undefined ? 'added' : right.manifest![path] === undefined ? 'removed' : 'changed',
      blocks: [...new Set([...blocksOf(left, path), ...blocksOf(right, path)])],
      patch: isText && shownCode.test(path) ? unifiedDiff(before, after) : null,
    };
  });
  return [...changedEntries(left.blocks, right.blocks), ...files].sort(
    (one, other) => Number(other.blocks.length > 0) - Number(one.blocks.length > 0),
  );
};

const blocksOf = ({ path: root, blocks }: ComparedRun, path: string): string[] =>
  blocks.filter(({ definition }) => definition.file === `${root}/${path}`).map(({ uuid }) => uuid);

/** Code inside a pipeline's entry, which wins over the file (mage-format.md 1.5). */
const changedEntries = (left: readonly ComparedBlock[], right: readonly ComparedBlock[]): FileChange[] =>
  [...new Set([...left, ...right].map(({ uuid }) => uuid))].flatMap((uuid) => {
    const [before, after] = [left, right].map(
      (blocks) => blocks.find((block) => block.uuid === uuid)?.definition.content ?? '',
    ) as [string, string];
    if (before === after) return [];
    const change = before === '' ? 'added' : after === '' ? 'removed' : 'changed';
    return [{ path: `${uuid}, inside the pipeline`, change, blocks: [uuid], patch: unifiedDiff(before, after) }];
  });
