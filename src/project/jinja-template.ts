import { createRequire } from 'node:module';
import type nunjucks from 'nunjucks';
import { WandError } from '../problem/wand-error.ts';
import { fromJson, pythonMember, pythonTruth } from './python-member.ts';
import { pythonText } from './python-text.ts';

/** A compiled template, and the lines (1-based) in which it uses names that may be undefined without a guard. */
export type JinjaTemplate = {
  /** Answers the text; names that turned out undefined go to `onUndefined`. */
  render(scope: Record<string, unknown>, onUndefined: (name: string) => void): string;
  linesOf(name: string): number[];
};

/**
 * Compiles a template with nunjucks, made to behave as Python's Jinja where they differ: how values print, what is true,
 * which members a value has, `True`, `False`, `None`. No template reaches files or JavaScript objects.
 */
export const compileTemplate = (text: string): JinjaTemplate => {
  const { library, environment } = jinja();
  const tree = asPython(withSafeNames(library.parser.parse(text, [], {})));
  const uses = unguardedUses(tree);
  const compiler = new library.compiler.Compiler('template', false);
  compiler.compile(tree);
  const properties = new Function(compiler.getCode())() as CompiledProperties;
  const render: JinjaTemplate['render'] = (scope, onUndefined) => {
    const thrown: WandError[] = [];
    const runtime = pythonRuntime(onUndefined, thrown);
    const wrapped = Object.fromEntries(
      Object.entries(properties).map(([name, render]) => [name, withRuntime(render, runtime)]),
    );
    const template = new library.Template({ type: 'code', obj: wrapped } as unknown as string, environment);
    try {
      return template.render(scope) ?? '';
    } catch (error) {
      // nunjucks makes a text of what a function throws.
      throw thrown[0] ?? error;
    }
  };
  return { render, linesOf: (name) => uses.get(name) ?? [] };
};

type RenderFunction = (env: unknown, context: Context, frame: Frame, runtime: Runtime, callback: unknown) => unknown;
type CompiledProperties = Record<string, RenderFunction>;
type Frame = { lookup(name: string): unknown };
type Context = { ctx: Record<string, unknown>; env: { globals: Record<string, unknown> } };
type Runtime = Record<string, unknown>;
type Node = { lineno: number; fields?: string[]; typename: string } & Record<string, unknown>;

/** Parts of nunjucks that its types leave out; the version is pinned. */
type Nunjucks = typeof nunjucks & {
  parser: { parse(text: string, extensions: unknown[], options: object): Node };
  compiler: {
    Compiler: new (name: string, throwOnUndefined: boolean) => { compile(tree: Node): void; getCode(): string };
  };
  nodes: Record<'Array' | 'FunCall' | 'Literal' | 'NodeList' | 'Symbol', NodeClass>;
  runtime: Runtime;
};
type NodeClass = new (line: number, column: number, ...rest: unknown[]) => Node;

let loaded: { library: Nunjucks; environment: nunjucks.Environment } | undefined;

/** Loaded at the first template: it costs 14 to 27 ms, which the first frame and most commands need not pay. */
const jinja = (): { library: Nunjucks; environment: nunjucks.Environment } => {
  if (loaded) return loaded;
  const library = createRequire(import.meta.url)('nunjucks') as Nunjucks;
  const environment = new library.Environment([], { autoescape: false });
  environment.addGlobal('True', true);
  environment.addGlobal('False', false);
  environment.addGlobal('None', null);
  environment.addFilter('tojson', (value: unknown) => JSON.stringify(value));
  loaded = { library, environment };
  return loaded;
};

/** Function and mark of ours inside templates; no name of a user can be one. */
const truthName = '\u0001truth';
const mayBeUndefined = '\u0001';

const withRuntime = (render: unknown, runtime: Runtime): unknown =>
  typeof render === 'function'
    ? (env: unknown, context: Context, frame: Frame, _runtime: Runtime, callback: unknown) =>
        (render as RenderFunction)(env, context, frame, runtime, callback)
    : render;

const pythonRuntime = (onUndefined: (name: string) => void, thrown: WandError[]): Runtime => ({
  ...jinja().library.runtime,
  callWrap: (...call: unknown[]) => {
    try {
      return (jinja().library.runtime.callWrap as (...call: unknown[]) => unknown)(...call);
    } catch (error) {
      if (error instanceof WandError) thrown.push(error);
      throw error;
    }
  },
  suppressValue: (value: unknown) => pythonText(fromJson(value)),
  contextOrFrameLookup: (context: Context, frame: Frame, marked: string) => {
    if (marked === truthName) return trueOrFalsy;
    const name = withoutMark(marked);
    const local = frame.lookup(name);
    if (local !== undefined) return fromJson(local);
    for (const names of [context.ctx, context.env.globals]) {
      if (Object.hasOwn(names, name) && names[name] !== undefined) return fromJson(names[name]);
    }
    if (name === marked) onUndefined(name);
    return undefined;
  },
  memberLookup: (value: unknown, marked: unknown) => {
    const name = typeof marked === 'string' ? withoutMark(marked) : marked;
    if (value === undefined) throw new Error(`"${String(name)}" is asked of a name that is undefined`);
    const member = pythonMember(value, name);
    if (member === undefined && name === marked) onUndefined(`.${String(name)}`);
    return member;
  },
});

const withoutMark = (name: string): string => (name.startsWith(mayBeUndefined) ? name.slice(1) : name);

/** The value itself, unless JavaScript would take for true what Python does not: an empty list or map. */
const trueOrFalsy = (value: unknown): unknown => (pythonTruth(value) || !value ? value : false);

/**
 * Refuses names that are no identifiers. nunjucks takes `a"&x` for a name and writes it unquoted into the JavaScript it
 * compiles, so a template could run code; regular expressions are not Jinja's.
 */
const withSafeNames = (tree: Node): Node => {
  walk(tree, ({ typename, value, lineno }) => {
    const isName = typename === 'Symbol' && /^[\p{L}_][\p{L}\p{N}_.]*$/u.test(String(value));
    if ((typename === 'Symbol' && !isName) || value instanceof RegExp) {
      throw Object.assign(new Error(`unexpected ${String(value)}`), { lineno: lineno + 1 });
    }
  });
  return tree;
};

/** Changes the tree so that it means what Python's Jinja means. */
const asPython = (tree: Node): Node => {
  walk(tree, (node) => {
    for (const key of conditionsOf(node)) if (node[key]) node[key] = throughTruth(node[key] as Node);
    // A tuple; nunjucks would keep only its last value.
    if (node.typename === 'Group' && (node.children as Node[]).length > 1) {
      const list = new (jinja().library.nodes.Array)(node.lineno, 0, node.children);
      node.children = [list];
    }
    const asked = askedAbout(node);
    if (asked?.typename === 'Symbol') asked.value = `${mayBeUndefined}${asked.value}`;
    if (asked?.typename === 'LookupVal') {
      const key = asked.val as Node;
      if (typeof key.value === 'string')
        asked.val = new (jinja().library.nodes.Literal)(key.lineno, 0, `${mayBeUndefined}${key.value}`);
    }
  });
  return tree;
};

const conditionsOf = ({ typename }: Node): string[] => {
  if (typename === 'If' || typename === 'InlineIf') return ['cond'];
  if (typename === 'Not') return ['target'];
  return typename === 'And' || typename === 'Or' ? ['left'] : [];
};

const throughTruth = (condition: Node): Node => {
  const { FunCall, Symbol: Name, NodeList } = jinja().library.nodes;
  const { lineno } = condition;
  return new FunCall(lineno, 0, new Name(lineno, 0, truthName), new NodeList(lineno, 0, [condition]));
};

/** The operand of `x is defined` and `x | default(..)`, where being undefined is meant. */
const askedAbout = (node: Node): Node | undefined => {
  if (node.typename === 'Is') return node.left as Node;
  const filter = node.typename === 'Filter' ? (node.name as Node).value : null;
  if (filter !== 'default' && filter !== 'd') return undefined;
  return (node.args as unknown as { children: Node[] }).children[0];
};

/** Lines by name (`x`, `.member`), without the operands of `askedAbout`, whose names carry the mark. */
const unguardedUses = (tree: Node): Map<string, number[]> => {
  const uses = new Map<string, number[]>();
  walk(tree, (node) => {
    const name = node.typename === 'Symbol' ? String(node.value) : memberName(node);
    if (name !== null) uses.set(name, [...(uses.get(name) ?? []), node.lineno + 1]);
  });
  return uses;
};

const memberName = (node: Node): string | null =>
  node.typename === 'LookupVal' ? `.${String((node.val as Node).value)}` : null;

/** Parents before children. */
const walk = (node: unknown, visit: (node: Node) => void): void => {
  if (Array.isArray(node)) {
    for (const child of node) walk(child, visit);
    return;
  }
  if (node === null || typeof node !== 'object' || !('typename' in node)) return;
  const known = node as Node;
  visit(known);
  for (const field of known.fields ?? []) walk(known[field], visit);
};
