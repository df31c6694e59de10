import { YAMLException } from 'js-yaml';
import type { Problem } from '../model/problem.ts';
import { WandError } from '../problem/wand-error.ts';
import { type MappingNode, type YamlNode, YamlSyntaxError, yamlNodes } from './yaml-node.ts';
import { resolvePlainScalar, resolveTaggedScalar, YamlTimestamp } from './yaml-scalar.ts';

export type YamlDocument = {
  /** Plain objects, arrays, text, numbers, booleans, null; bigint beyond 2^53; YamlTimestamp for dates. Null for an empty text. */
  value: unknown;
  /** Duplicate keys: the last one wins, as in PyYAML. */
  warnings: Problem[];
  /** Line (1-based) of the entry at a path, or of its nearest ancestor that exists. */
  lineOf(...path: (string | number)[]): number;
};

/**
 * Reads one YAML document as PyYAML's safe loader does (decisions.md 7). Throws a WandError `invalid-yaml` that names
 * file and line. Keys that are not text become what Python's json makes of them: `1`, `true`, `null`.
 */
export const parseYaml = (text: string, { file }: { file: string }): YamlDocument => {
  try {
    const documents = yamlNodes(text);
    if (documents.length > 1) throw new YamlSyntaxError('more than one document in the file', documents[1]?.line ?? 1);
    const root = documents[0] ?? null;
    const builder: Builder = { file, warnings: [], size: 0, built: new Map(), flattened: new Map() };
    const value = root === null ? null : build(builder, root);
    return { value, warnings: builder.warnings, lineOf: (...path) => lineOf(root, path) };
  } catch (error) {
    throw asWandError(error, file);
  }
};

type Builder = {
  file: string;
  warnings: Problem[];
  size: number;
  built: Map<YamlNode, { value: unknown; size: number }>;
  flattened: Map<MappingNode, MappingNode['entries']>;
};

/** An alias repeats what it names without using memory, but whoever writes the value out again pays for each. */
const largestSize = 1_000_000;

const build = (builder: Builder, node: YamlNode): unknown => {
  const known = builder.built.get(node);
  const before = builder.size;
  if (known) builder.size += known.size;
  else builder.size += 1;
  if (builder.size > largestSize) throw new YamlSyntaxError('aliases repeat more than a million values', node.line);
  if (known) return known.value;
  const value = buildNew(builder, node);
  builder.built.set(node, { value, size: builder.size - before });
  return value;
};

const buildNew = (builder: Builder, node: YamlNode): unknown => {
  const tag = tagName(node);
  if (node.kind === 'scalar') {
    try {
      if (tag !== null) return resolveTaggedScalar(tag, node.text);
      return node.plain ? resolvePlainScalar(node.text) : node.text;
    } catch (error) {
      throw new YamlSyntaxError((error as Error).message, node.line);
    }
  }
  if (node.kind === 'sequence') return node.items.map((item) => build(builder, item));
  return buildMapping(builder, node);
};

const buildMapping = (builder: Builder, node: MappingNode): Record<string, unknown> => {
  const result: Record<string, unknown> = {};
  const lines = new Map<string, number>();
  const own = new Set(node.entries);
  for (const entry of flattenMerges(builder, node)) {
    const { key, value } = entry;
    const name = keyText(build(builder, key), key.line);
    const earlier = lines.get(name);
    if (own.has(entry)) {
      if (earlier !== undefined) builder.warnings.push(duplicateKey(builder.file, name, earlier, key.line));
      lines.set(name, key.line);
    }
    // Not an assignment: a key may be called __proto__.
    Object.defineProperty(result, name, {
      value: build(builder, value),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return result;
};

/** Merged entries first, so that a mapping's own keys win; of several merged mappings the first wins. */
const flattenMerges = (builder: Builder, node: MappingNode): MappingNode['entries'] => {
  const known = builder.flattened.get(node);
  if (known) return known;
  const isMerge = ({ key }: MappingNode['entries'][number]) => key.kind === 'scalar' && key.plain && key.text === '<<';
  if (!node.entries.some(isMerge)) return node.entries;
  const merged = node.entries.filter(isMerge).flatMap(({ value }) => {
    const sources = value.kind === 'sequence' ? [...value.items].reverse() : [value];
    return sources.flatMap((source) => {
      if (source.kind !== 'mapping') throw new YamlSyntaxError('<< needs a mapping or a list of mappings', source.line);
      return flattenMerges(builder, source);
    });
  });
  if (merged.length > largestSize) throw new YamlSyntaxError('<< repeats more than a million values', node.line);
  const entries = [...merged, ...node.entries.filter((entry) => !isMerge(entry))];
  builder.flattened.set(node, entries);
  return entries;
};

const keyText = (key: unknown, line: number): string => {
  if (typeof key === 'string') return key;
  if (key instanceof YamlTimestamp) return key.text;
  if (key !== null && typeof key === 'object') {
    throw new YamlSyntaxError('a key cannot be a list or a map; quote text that begins with { or [', line);
  }
  return String(key);
};

/** `!!int` and its long form as `int`; null if none or if the kind needs none. Unknown tags are errors, as in PyYAML. */
const tagName = (node: YamlNode): string | null => {
  if (node.tag === null || node.tag === '!') return node.tag === '!' ? 'str' : null;
  const name = /^(?:!!|!<tag:yaml\.org,2002:)([a-z]+)>?$/.exec(node.tag)?.[1] ?? '';
  const fits = { scalar: ['str', 'int', 'float', 'bool', 'null', 'timestamp'], sequence: ['seq'], mapping: ['map'] };
  if (fits[node.kind].includes(name)) return node.kind === 'scalar' ? name : null;
  throw new YamlSyntaxError(`the tag ${node.tag} is not known here`, node.line);
};

const duplicateKey = (file: string, name: string, earlier: number, line: number): Problem => ({
  severity: 'warning',
  file,
  line,
  message: `the key ${name} stands twice, in lines ${earlier} and ${line}; the last one counts`,
  fix: `Remove one of the two.`,
});

const lineOf = (root: YamlNode | null, path: (string | number)[]): number => {
  let line = root?.line ?? 1;
  let node: YamlNode | undefined = root ?? undefined;
  for (const step of path) {
    if (node?.kind === 'sequence' && typeof step === 'number') {
      node = node.items[step];
      line = node?.line ?? line;
    } else if (node?.kind === 'mapping') {
      const entry = node.entries.findLast(({ key }) => key.kind === 'scalar' && key.text === String(step));
      line = entry?.key.line ?? line;
      node = entry?.value;
    } else {
      return line;
    }
  }
  return line;
};

const asWandError = (error: unknown, file: string): unknown => {
  if (error instanceof YamlSyntaxError) {
    return new WandError('invalid-yaml', `not valid YAML: ${error.message}`, { file, line: error.line });
  }
  if (error instanceof YAMLException) {
    const line = (error.mark?.line ?? 0) + 1;
    return new WandError('invalid-yaml', `not valid YAML: ${error.reason}`, { file, line, cause: error });
  }
  if (error instanceof RangeError) {
    return new WandError('invalid-yaml', `not valid YAML: ${error.message}`, { file, cause: error });
  }
  return error;
};
