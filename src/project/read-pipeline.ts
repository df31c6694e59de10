import { buildGraph, findCycle } from '../graph/graph.ts';
import type { Problem } from '../model/problem.ts';
import type { Block, Pipeline } from '../model/project.ts';
import { notExecuted } from './block-kinds.ts';
import { emptyPipeline } from './empty-pipeline.ts';
import { asMap, get, jsonValues } from './json-values.ts';
import { problemOf } from './problem-of.ts';
import { type BlockEntry, type BlockSource, checkFile, readBlock, textOf } from './read-block.ts';
import { readProjectFile } from './read-text.ts';
import { settleEdges } from './settle-edges.ts';
import { parseYaml, type YamlDocument } from './yaml.ts';

export type PipelinePlace = {
  projectPath: string;
  project: string;
  platformRoot: string | null;
  uuid: string;
  /** Absolute path of metadata.yaml. */
  file: string;
};

/**
 * Reads `pipelines/<uuid>/metadata.yaml` (mage-format.md 2.1). Never throws for what stands in the file: whatever is wrong
 * becomes a problem of the pipeline. Blocks that no run executes are kept out of `blocks`: charts go to `charts`,
 * scratchpads and markdown notes are left out.
 */
export const readPipeline = (place: PipelinePlace): Pipeline => {
  const pipeline = emptyPipeline(place.uuid, place.file);
  const origin = { project: place.project, pipeline: place.uuid, file: place.file };
  try {
    const document = parseYaml(readProjectFile(place.file), { file: place.file });
    pipeline.problems.push(...document.warnings.map((warning) => ({ ...origin, ...warning })));
    const map = asMap(document.value);
    if (map === null) {
      const what = document.value === null ? 'the file is empty' : 'the file is not a map of keys and values';
      throw new InvalidPipeline(what);
    }
    fill(pipeline, map, document, place, (problem) => pipeline.problems.push({ ...origin, ...problem }));
  } catch (error) {
    const fix = error instanceof InvalidPipeline ? { fix: 'Write name, type and blocks into it.' } : {};
    pipeline.problems.push({ ...problemOf(error, origin), ...fix });
  }
  return pipeline;
};

class InvalidPipeline extends Error {}

const fill = (
  pipeline: Pipeline,
  map: Record<string, unknown>,
  document: YamlDocument,
  { projectPath, platformRoot }: PipelinePlace,
  report: BlockSource['report'],
): void => {
  const warn = (key: string, message: string, fix?: string) =>
    report({ severity: 'warning', line: document.lineOf(key), message, ...(fix ? { fix } : {}) });
  pipeline.name = textOf(get(map, 'name')) ?? pipeline.uuid;
  pipeline.type = textOf(get(map, 'type')) ?? 'python';
  pipeline.description = textOf(get(map, 'description'));
  const tags = get(map, 'tags');
  pipeline.tags = Array.isArray(tags) ? tags.map(textOf).filter((tag) => tag !== null) : [];
  pipeline.runInOneProcess = get(map, 'run_pipeline_in_one_process') === true;
  pipeline.cacheOutputInMemory = get(map, 'cache_block_output_in_memory') === true;
  pipeline.concurrencyConfig = jsonValues(mapAt(map, 'concurrency_config', warn)) as Record<string, unknown>;
  pipeline.variables = jsonValues(mapAt(map, 'variables', warn), (path) =>
    warn('variables', `the number at variables.${path} is too large for JSON; blocks get it as text`),
  ) as Record<string, unknown>;
  warnAboutSettings(pipeline, map, warn);
  readAllBlocks(pipeline, map, { projectPath, platformRoot, document, report });
};

type Warn = (key: string, message: string, fix?: string) => void;

const mapAt = (map: Record<string, unknown>, key: string, warn: Warn): Record<string, unknown> => {
  const value = get(map, key) ?? {};
  const read = asMap(value);
  if (read === null) warn(key, `${key} is not a map and is ignored`, 'Write keys and values below it.');
  return read ?? {};
};

const warnAboutSettings = (pipeline: Pipeline, map: Record<string, unknown>, warn: Warn): void => {
  if (pipeline.type !== 'python') {
    warn('type', `wand does not run pipelines of type ${pipeline.type}; it only shows them`);
  } else if (Object.keys(asMap(get(map, 'retry_config')) ?? {}).length > 0) {
    const fix = 'Write it into the blocks, or into the project, or use wand run --retries.';
    warn('retry_config', 'retry_config of a batch pipeline has no effect, in Mage neither', fix);
  }
  if (pipeline.cacheOutputInMemory && !pipeline.runInOneProcess) {
    const fix = 'Set run_pipeline_in_one_process: true, or remove it.';
    warn('cache_block_output_in_memory', 'cache_block_output_in_memory needs run_pipeline_in_one_process', fix);
  }
  if (get(map, 'extensions') === null && Object.hasOwn(map, 'extensions')) {
    warn('extensions', 'extensions is null: Mage does not load such a pipeline', 'Write {}.');
  }
  const extensions = Object.keys(asMap(get(map, 'extensions')) ?? {});
  if (extensions.length > 0) warn('extensions', `wand does not run extensions: ${extensions.join(', ')}`);
};

const readAllBlocks = (pipeline: Pipeline, map: Record<string, unknown>, source: BlockSource): void => {
  const seen = new Map<string, number>();
  const lists = ['blocks', 'callbacks', 'conditionals', 'widgets'].map((key) => readList(map, key, source, seen));
  const [listed, callbacks, conditionals, widgets] = lists as [BlockEntry[], BlockEntry[], BlockEntry[], BlockEntry[]];
  const ofType = (type: string) => listed.filter(({ block }) => block.type === type);
  callbacks.push(...ofType('callback'));
  conditionals.push(...ofType('conditional'));
  widgets.push(...ofType('chart'));
  const run = listed.filter(
    ({ block }) => !notExecuted.has(block.type) && !['callback', 'conditional'].includes(block.type),
  );
  shareReplicatedFiles(source, run);
  settleEdges(source, run, new Set([...seen.keys()].filter((uuid) => !run.some(({ block }) => block.uuid === uuid))));
  for (const entry of [...run, ...callbacks, ...conditionals, ...widgets]) checkFile(source, entry);
  for (const list of [callbacks, conditionals, widgets]) settleAttached(source, list, run);
  pipeline.blocks = run.map(({ block }) => block);
  pipeline.callbacks = callbacks.map(({ block }) => block);
  pipeline.conditionals = conditionals.map(({ block }) => block);
  pipeline.charts = widgets.map(({ block }) => block);
  reportCycle(source, pipeline.blocks);
};

/** A uuid may stand only once in a whole pipeline (mage-format.md 1.6); the first entry is kept. */
const readList = (
  map: Record<string, unknown>,
  key: string,
  source: BlockSource,
  seen: Map<string, number>,
): BlockEntry[] => {
  const value = get(map, key) ?? [];
  if (!Array.isArray(value)) {
    source.report({
      severity: 'error',
      line: source.document.lineOf(key),
      message: `${key} is not a list`,
      fix: 'Write a list.',
    });
    return [];
  }
  return value.flatMap((item, index) => {
    const entry = readBlock(source, item, [key, index]);
    if (entry === null) return [];
    const { uuid, line } = entry.block;
    const earlier = seen.get(uuid);
    if (earlier === undefined) {
      seen.set(uuid, line);
      return [entry];
    }
    const message = `the block ${uuid} stands twice, in lines ${earlier} and ${line}`;
    source.report({ severity: 'error', block: uuid, line, message, fix: 'Remove or rename one of them.' });
    return [];
  });
};

/** A replica runs the file of the block it names (mage-format.md 1.5). */
const shareReplicatedFiles = (source: BlockSource, entries: BlockEntry[]): void => {
  const byUuid = new Map(entries.map(({ block }) => [block.uuid, block]));
  for (const { block } of entries) {
    if (block.replicatedBlock === null) continue;
    const original = byUuid.get(block.replicatedBlock);
    if (original) block.file = original.file;
    else {
      const message = `${block.uuid} replicates ${block.replicatedBlock}, which this pipeline does not have; it uses its own file`;
      source.report({ severity: 'warning', block: block.uuid, line: block.line, message });
    }
  }
};

/** Callbacks, conditionals and charts hang on the blocks in their `upstream_blocks` (mage-format.md 2.5). */
const settleAttached = (source: BlockSource, attached: BlockEntry[], run: BlockEntry[]): void => {
  const known = new Set(run.map(({ block }) => block.uuid));
  for (const { block, declaredUpstream } of attached) {
    block.upstream = [...new Set(declaredUpstream ?? [])].filter((uuid) => known.has(uuid));
    const unknown = (declaredUpstream ?? []).filter((uuid) => !known.has(uuid));
    if (unknown.length === 0) continue;
    const message = `${block.uuid} is attached to ${unknown.join(', ')}, which this pipeline does not have`;
    source.report({ severity: 'warning', block: block.uuid, line: block.line, message });
  }
};

const reportCycle = (source: BlockSource, blocks: Block[]): void => {
  const cycle = findCycle(buildGraph(blocks.map(({ uuid, upstream }) => ({ id: uuid, upstream }))));
  if (cycle === null) return;
  const line = blocks.find(({ uuid }) => uuid === cycle[0])!.line;
  const problem: Problem = { severity: 'error', line, message: `the blocks run in a circle: ${cycle.join(' --> ')}` };
  source.report({ ...problem, fix: 'Remove one of these edges from upstream_blocks.' });
};
