import nunjucks from 'nunjucks';
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
  // Jinja drops one line break at the end of a template.
  const tree = internals.parser.parse(text.replace(/\r?\n$/, ''), [], {});
  const uses = unguardedUses(tree);
  const compiler = new internals.compiler.Compiler('template', false);
  compiler.compile(withPythonTruth(tree));
  const properties = new Function(compiler.getCode())() as CompiledProperties;
  const render: JinjaTemplate['render'] = (scope, onUndefined) => {
    const runtime = pythonRuntime(onUndefined);
    const wrapped = Object.fromEntries(
      Object.entries(properties).map(([name, render]) => [name, withRuntime(render, runtime)]),
    );
    const template = new nunjucks.Template({ type: 'code', obj: wrapped } as unknown as string, environment);
    return template.render(scope) ?? '';
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
const internals = nunjucks as unknown as {
  parser: { parse(text: string, extensions: unknown[], options: object): Node };
  compiler: {
    Compiler: new (name: string, throwOnUndefined: boolean) => { compile(tree: Node): void; getCode(): string };
  };
  nodes: Record<'FunCall' | 'Symbol' | 'NodeList', new (line: number, column: number, ...rest: unknown[]) => Node>;
  runtime: Runtime;
};

const environment = new nunjucks.Environment([], { autoescape: false });
environment.addGlobal('True', true);
environment.addGlobal('False', false);
environment.addGlobal('None', null);
environment.addFilter('tojson', (value: unknown) => JSON.stringify(value));

const truthName = '__truth__';

const withRuntime = (render: unknown, runtime: Runtime): unknown =>
  typeof render === 'function'
    ? (env: unknown, context: Context, frame: Frame, _runtime: Runtime, callback: unknown) =>
        (render as RenderFunction)(env, context, frame, runtime, callback)
    : render;

const pythonRuntime = (onUndefined: (name: string) => void): Runtime => ({
  ...internals.runtime,
  suppressValue: (value: unknown) => pythonText(fromJson(value)),
  contextOrFrameLookup: (context: Context, frame: Frame, name: string) => {
    if (name === truthName) return pythonTruth;
    const local = frame.lookup(name);
    if (local !== undefined) return fromJson(local);
    for (const names of [context.ctx, context.env.globals]) {
      if (Object.hasOwn(names, name) && names[name] !== undefined) return fromJson(names[name]);
    }
    onUndefined(name);
    return undefined;
  },
  memberLookup: (value: unknown, name: unknown) => {
    if (value === undefined) throw new Error(`"${String(name)}" is asked of a name that is undefined`);
    const member = pythonMember(value, name);
    if (member === undefined) onUndefined(`.${String(name)}`);
    return member;
  },
});

/** Conditions through Python's truth: an empty list or map is false. */
const withPythonTruth = (tree: Node): Node => {
  walk(tree, (node) => {
    const key = node.typename === 'Not' ? 'target' : ['If', 'InlineIf'].includes(node.typename) ? 'cond' : null;
    const condition = key === null ? null : (node[key] as Node);
    if (key === null || condition === null) return;
    const { FunCall, Symbol: Name, NodeList } = internals.nodes;
    const { lineno } = condition;
    node[key] = new FunCall(lineno, 0, new Name(lineno, 0, truthName), new NodeList(lineno, 0, [condition]));
  });
  return tree;
};

/** Lines by name (`x`, `.member`), without `x is defined` and `x | default(..)`, where being undefined is meant. */
const unguardedUses = (tree: Node): Map<string, number[]> => {
  const uses = new Map<string, number[]>();
  const guarded = new Set<unknown>();
  walk(tree, (node) => {
    if (node.typename === 'Is') guarded.add(node.left);
    const filter = node.typename === 'Filter' ? (node.name as Node).value : null;
    if (filter === 'default' || filter === 'd')
      guarded.add((node.args as unknown as { children: unknown[] }).children[0]);
    if (guarded.has(node)) return;
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
