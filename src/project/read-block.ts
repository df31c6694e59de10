import type { Problem } from '../model/problem.ts';
import type { Block, BlockLanguage } from '../model/project.ts';
import { blockTypes, isLanguage, languageFits } from './block-kinds.ts';
import { defaultBlockPath, fixedPath, isFile, isInside, uuidProblem } from './block-path.ts';
import { asMap, get, jsonValues } from './json-values.ts';
import type { YamlDocument } from './yaml.ts';

/** Where blocks are read from, and where their problems go. */
export type BlockSource = {
  projectPath: string;
  /** Root of a project platform, whose `file_source.path` counts (mage-format.md 1.8); else null. */
  platformRoot: string | null;
  document: YamlDocument;
  report(problem: Omit<Problem, 'project' | 'pipeline' | 'file'>): void;
};

/** A block with what of its entry is only needed while the pipeline is read. */
export type BlockEntry = {
  block: Block;
  /** Null where the key is missing; an explicit null counts as an empty list. */
  declaredUpstream: string[] | null;
  declaredDownstream: string[] | null;
};

/** Reads the entry at a path such as `['blocks', 2]`; null if it is not a block at all. Edges are settled by the pipeline. */
export const readBlock = (source: BlockSource, entry: unknown, path: (string | number)[]): BlockEntry | null => {
  const line = source.document.lineOf(...path);
  const map = asMap(entry);
  const uuid = map === null ? null : textOf(get(map, 'uuid'));
  if (map === null || uuid === null) {
    const what = map === null ? 'an entry that is not a map' : 'an entry without a uuid';
    source.report({ severity: 'error', line, message: `${what} in ${String(path[0])}`, fix: 'Give it uuid and type.' });
    return null;
  }
  const at = (key: string) => source.document.lineOf(...path, key);
  const report = (severity: Problem['severity'], key: string, message: string, fix?: string) =>
    source.report({ severity, block: uuid, line: at(key), message, ...(fix ? { fix } : {}) });
  const type = readType(map, report);
  const language = readLanguage(map, report);
  if (blockTypes.has(type) && language !== null && !languageFits(type, language)) {
    report('warning', 'language', `a ${type} in ${language} does not run, in Mage neither`, 'Change type or language.');
  }
  const written = readMap(map, 'configuration', report);
  const configuration = jsonValues(written, (lost) =>
    report('warning', 'configuration', lostNumber(lost)),
  ) as Block['configuration'];
  const content = get(map, 'content');
  warnAboutExecutor(map, report);
  const block: Block = {
    uuid,
    name: textOf(get(map, 'name')) ?? uuid,
    type,
    language: language ?? 'python',
    file: language === null ? null : blockFile(source, { uuid, type, language, configuration }, report),
    fileExists: false,
    upstream: [],
    downstream: [],
    configuration,
    retryConfig: jsonValues(readMap(map, 'retry_config', report)) as Block['retryConfig'],
    timeout: readTimeout(map, report),
    replicatedBlock: textOf(get(map, 'replicated_block')),
    ...(typeof content === 'string' ? { content } : {}),
    ...readWorkerTags(map, report),
    ...(get(map, 'has_callback') === true ? legacyCallback(source, uuid) : {}),
    line,
  };
  return {
    block,
    declaredUpstream: readEdges(map, 'upstream_blocks', report),
    declaredDownstream: readEdges(map, 'downstream_blocks', report),
  };
};

/** `callbacks/<uuid>_callback.py`, if it is there (mage-format.md 2.2). */
const legacyCallback = ({ projectPath }: BlockSource, block: string): Pick<Block, 'legacyCallback'> => {
  const uuid = `${block}_callback`;
  if (uuidProblem(uuid) !== null) return {};
  const file = defaultBlockPath(projectPath, 'callback', uuid, 'python');
  return isFile(file) ? { legacyCallback: { uuid, file, configuration: {} } } : {};
};

type Report = (severity: Problem['severity'], key: string, message: string, fix?: string) => void;

/** Sets `fileExists` and reports a missing file, once replicas know whose file they share. */
export const checkFile = (source: BlockSource, { block }: BlockEntry): void => {
  if (block.file === null) return;
  block.fileExists = isFile(block.file);
  if (block.fileExists || block.content !== undefined) return;
  source.report({
    severity: 'error',
    block: block.uuid,
    line: block.line,
    message: `the file of block ${block.uuid} is missing: ${block.file}`,
    failsBlockOnly: true,
    fix: 'Create the file, or take the block out of the pipeline.',
  });
};

const readType = (map: Record<string, unknown>, report: Report): string => {
  const type = textOf(get(map, 'type'));
  if (type === null) report('error', 'uuid', 'the block has no type', 'Give it a type such as data_loader.');
  else if (!blockTypes.has(type)) {
    report(
      'error',
      'type',
      `unknown block type ${type}`,
      'Use one of data_loader, transformer, data_exporter, sensor, custom.',
    );
  }
  return type ?? 'unknown';
};

/** Null if no code of that language can be run. */
const readLanguage = (map: Record<string, unknown>, report: Report): BlockLanguage | null => {
  const written = get(map, 'language') ?? 'python';
  if (typeof written === 'string' && isLanguage(written)) return written;
  report(
    'error',
    'language',
    `unknown language ${String(written)}`,
    'Use python, sql, r, typescript, yaml or markdown.',
  );
  return null;
};

const readMap = (map: Record<string, unknown>, key: string, report: Report): Record<string, unknown> => {
  const value = get(map, key) ?? {};
  const read = asMap(value);
  if (read === null) report('warning', key, `${key} is not a map and is ignored`, 'Write keys and values below it.');
  return read ?? {};
};

const readTimeout = (map: Record<string, unknown>, report: Report): number | null => {
  const value = get(map, 'timeout') ?? null;
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (seconds === null || seconds === 0) return null;
  if (typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0) return seconds;
  report('warning', 'timeout', `timeout is not a number of seconds: ${String(value)}`, 'Write whole seconds.');
  return null;
};

const readEdges = (map: Record<string, unknown>, key: string, report: Report): string[] | null => {
  const value = get(map, key);
  if (value === undefined) return null;
  if (value === null) {
    report('warning', key, `${key} is null: Mage does not load such a pipeline; read as an empty list`, 'Write [].');
    return [];
  }
  if (Array.isArray(value)) return value.map(textOf).filter((uuid) => uuid !== null);
  report('warning', key, `${key} is not a list and is ignored`, 'Write a list of uuids.');
  return [];
};

/** wand's own key in Mage's `executor_config`: a tag, or a list of them. Mage ignores what it does not know there. */
const readWorkerTags = (map: Record<string, unknown>, report: Report): Pick<Block, 'workerTags'> => {
  const written = get(asMap(get(map, 'executor_config')) ?? {}, 'worker_tags');
  if (written === undefined || written === null) return {};
  const list = Array.isArray(written) ? written : [written];
  const tags = list.filter((tag): tag is string => typeof tag === 'string' && isWorkerTag(tag));
  if (tags.length < list.length) {
    report(
      'error',
      'executor_config',
      'worker_tags: a tag is a word of letters, digits, _ . : and -',
      'Write [gpu, eu-west].',
    );
  }
  return tags.length === 0 ? {} : { workerTags: [...new Set(tags)].toSorted() };
};

/** What `wand worker --tag` takes. */
export const isWorkerTag = (text: string): boolean => /^[\p{L}\p{N}][\p{L}\p{N}_.:-]{0,62}$/u.test(text);

/** Executors that run where wand runs (mage-format.md 2.4); a Jinja value is settled in Mage only. */
const warnAboutExecutor = (map: Record<string, unknown>, report: Report): void => {
  const executor = textOf(get(map, 'executor_type'));
  if (executor === null || executor.startsWith('local_python') || executor.includes('{{')) return;
  report('warning', 'executor_type', `the executor ${executor} is not used: the block runs on this machine`);
};

const blockFile = (
  { projectPath, platformRoot }: BlockSource,
  block: Pick<Block, 'uuid' | 'type' | 'configuration'> & { language: BlockLanguage },
  report: Report,
): string | null => {
  const fileSource = textOf(get(asMap(get(block.configuration, 'file_source')) ?? {}, 'path'));
  const written = textOf(get(block.configuration, 'file_path'));
  const fromPlatform = platformRoot !== null && fileSource !== null ? fixedPath(platformRoot, fileSource) : null;
  const configured = fromPlatform ?? (written === null ? null : fixedPath(projectPath, written));
  if (configured !== null) {
    if (!isInside(platformRoot ?? projectPath, configured)) {
      report('warning', 'configuration', `the block's file lies outside the project: ${configured}`);
    }
    return configured;
  }
  if (block.type === 'global_data_product' || !blockTypes.has(block.type)) return null;
  const problem = uuidProblem(block.uuid);
  if (problem === null) return defaultBlockPath(projectPath, block.type, block.uuid, block.language);
  report('error', 'uuid', `the uuid "${block.uuid}" ${problem} and names no file`, 'Give the block another uuid.');
  return null;
};

const lostNumber = (path: string): string => `the number at ${path} is too large for JSON; blocks get it as text`;

/** Text or a number as text; null for everything else and for empty text. */
export const textOf = (value: unknown): string | null => {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : null;
};
