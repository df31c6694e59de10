import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE } from 'js-yaml';

/** A YAML document as a tree with line numbers (1-based). Aliases are resolved to the node they name. */
export type YamlNode = ScalarNode | SequenceNode | MappingNode;
export type ScalarNode = { kind: 'scalar'; line: number; tag: string | null; text: string; plain: boolean };
export type SequenceNode = { kind: 'sequence'; line: number; tag: string | null; items: YamlNode[] };
export type MappingNode = {
  kind: 'mapping';
  line: number;
  tag: string | null;
  entries: { key: YamlNode; value: YamlNode }[];
};

/** Position of an error inside the text, for whoever knows the file's name. */
export class YamlSyntaxError extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** Every document of a text; none for an empty one. Throws YamlSyntaxError, and js-yaml's own exception for bad syntax. */
export const yamlNodes = (text: string): (YamlNode | null)[] => {
  const reader: Reader = { text, events: parseEvents(text, {}), next: 0, lineAt: lineFinder(text), anchors: new Map() };
  const documents: (YamlNode | null)[] = [];
  while (reader.next < reader.events.length) {
    reader.next += 1;
    reader.anchors.clear();
    documents.push(reader.events[reader.next]?.type === EVENT_ID.POP ? null : readNode(reader, 0));
    reader.next += 1;
  }
  return documents;
};

type Reader = {
  text: string;
  events: Event[];
  next: number;
  lineAt: (offset: number) => number;
  /** Undefined while the node is being read: a node that holds itself. */
  anchors: Map<string, YamlNode | undefined>;
};

const readNode = (reader: Reader, lastLine: number): YamlNode => {
  const event = reader.events[reader.next]!;
  reader.next += 1;
  if (event.type === EVENT_ID.ALIAS) return aliased(reader, reader.text.slice(event.anchorStart, event.anchorEnd));
  if (event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) throw new Error('unexpected YAML event');
  const anchor = event.anchorStart < 0 ? null : reader.text.slice(event.anchorStart, event.anchorEnd);
  if (anchor !== null) reader.anchors.set(anchor, undefined);
  const tag = event.tagStart < 0 ? null : reader.text.slice(event.tagStart, event.tagEnd);
  const start = event.type === EVENT_ID.SCALAR ? event.valueStart : event.start;
  const line = start < 0 ? lastLine : reader.lineAt(start);
  let node: YamlNode;
  if (event.type === EVENT_ID.SCALAR) {
    const text = getScalarValue(reader.text, event);
    node = { kind: 'scalar', line, tag, text, plain: event.style === SCALAR_STYLE.PLAIN };
  } else if (event.type === EVENT_ID.SEQUENCE) {
    node = { kind: 'sequence', line, tag, items: readItems(reader, line) };
  } else {
    node = { kind: 'mapping', line, tag, entries: readEntries(reader, line) };
  }
  if (anchor !== null) reader.anchors.set(anchor, node);
  return node;
};

const readItems = (reader: Reader, line: number): YamlNode[] => {
  const items: YamlNode[] = [];
  while (reader.events[reader.next]!.type !== EVENT_ID.POP) items.push(readNode(reader, items.at(-1)?.line ?? line));
  reader.next += 1;
  return items;
};

const readEntries = (reader: Reader, line: number): MappingNode['entries'] => {
  const entries: MappingNode['entries'] = [];
  while (reader.events[reader.next]!.type !== EVENT_ID.POP) {
    const key = readNode(reader, entries.at(-1)?.value.line ?? line);
    entries.push({ key, value: readNode(reader, key.line) });
  }
  reader.next += 1;
  return entries;
};

const aliased = (reader: Reader, name: string): YamlNode => {
  const node = reader.anchors.get(name);
  if (node) return node;
  const problem = reader.anchors.has(name) ? `*${name} holds itself` : `no anchor &${name} before *${name}`;
  throw new YamlSyntaxError(problem, reader.lineAt(Math.max(reader.text.indexOf(`*${name}`), 0)));
};

/** Answers the 1-based line of an offset; `\n`, `\r\n` and `\r` end a line. */
const lineFinder = (text: string): ((offset: number) => number) => {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
};
