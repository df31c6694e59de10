import type { Block } from '../model/project.ts';
import type { BlockEntry, BlockSource } from './read-block.ts';

/**
 * Edges of a pipeline (mage-format.md 2.5). `upstream_blocks` counts where it is written, as in a scheduled run of Mage; where
 * the key is missing it is derived from the other blocks' `downstream_blocks`. Unknown uuids are dropped. All of it with warnings.
 * `alsoKnown` are uuids of charts, callbacks, conditionals and notes, which are no edges of a run.
 */
export const settleEdges = (source: BlockSource, entries: BlockEntry[], alsoKnown: ReadonlySet<string>): void => {
  const byUuid = new Map(entries.map((entry) => [entry.block.uuid, entry]));
  for (const entry of entries) {
    const parents = entry.declaredUpstream ?? derivedUpstream(source, entries, entry.block.uuid);
    entry.block.upstream = [...new Set(parents)].filter((uuid) => {
      const known = byUuid.has(uuid);
      if (!known) warnAboutUnknown(source, entry.block, 'upstream', uuid, alsoKnown);
      return known;
    });
  }
  for (const { block } of entries) {
    for (const parent of block.upstream) byUuid.get(parent)!.block.downstream.push(block.uuid);
  }
  for (const { block, declaredDownstream } of entries) {
    const declared = new Set(declaredDownstream ?? []);
    const settled = new Set(block.downstream);
    for (const child of declared) {
      if (!byUuid.has(child)) warnAboutUnknown(source, block, 'downstream', child, alsoKnown);
      else if (!settled.has(child)) warnAboutIgnored(source, block, child);
    }
    const missing = block.downstream.filter((child) => !declared.has(child));
    if (missing.length > 0) warnAboutMissing(source, block, missing);
  }
};

const derivedUpstream = (source: BlockSource, entries: BlockEntry[], uuid: string): string[] => {
  const parents = entries
    .filter(({ declaredDownstream }) => declaredDownstream?.includes(uuid))
    .map(({ block }) => block.uuid);
  const block = entries.find((entry) => entry.block.uuid === uuid)!.block;
  if (parents.length > 0) {
    warn(
      source,
      block,
      `upstream_blocks is missing; taken from downstream_blocks of ${parents.join(', ')}`,
      'Write upstream_blocks.',
    );
  }
  return parents;
};

const warnAboutUnknown = (
  source: BlockSource,
  block: Block,
  direction: 'upstream' | 'downstream',
  uuid: string,
  alsoKnown: ReadonlySet<string>,
): void => {
  if (alsoKnown.has(uuid)) {
    // Mage itself lists charts among the downstream blocks of what they draw.
    if (direction === 'upstream')
      warn(source, block, `${uuid} is upstream of ${block.uuid} but does not run; the edge is dropped`);
    return;
  }
  const message = `${direction}_blocks of ${block.uuid} names ${uuid}, which this pipeline does not have; the edge is dropped`;
  warn(source, block, message, `Remove ${uuid} from the list, or add the block.`);
};

const warnAboutIgnored = (source: BlockSource, block: Block, child: string): void =>
  warn(
    source,
    block,
    `${block.uuid} lists ${child} in downstream_blocks, but ${child} does not list it in upstream_blocks; the edge is ignored`,
    `Add ${block.uuid} to upstream_blocks of ${child}, or remove it here.`,
  );

const warnAboutMissing = (source: BlockSource, block: Block, children: string[]): void =>
  warn(
    source,
    block,
    `downstream_blocks of ${block.uuid} lacks ${children.join(', ')}; the edge is taken from upstream_blocks`,
    'Add it, for Mage walks downstream_blocks in "mage run".',
  );

const warn = (source: BlockSource, block: Block, message: string, fix?: string): void =>
  source.report({ severity: 'warning', block: block.uuid, line: block.line, message, ...(fix ? { fix } : {}) });
