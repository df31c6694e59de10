import { createHook } from 'node:async_hooks';

/** What a process was like before its first block, to tell after each what that has left behind. */
export type Inventory = {
  /** To be called right before a block's code is loaded. */
  begin(): void;
  /** What the block has left that the next one could meet, in a word; null if the process is as it was. Waits for what is just closing. */
  left(): Promise<string | null>;
};

/**
 * Notes globals and what is built in, environment, folder and listeners; while a block runs also whatever it opens: timers, sockets,
 * subprocesses, requests, also those that keep no process alive. A block after which all is as before leaves the next one nothing.
 */
export const takeInventory = (): Inventory => {
  for (const object of builtIns()) note(object);
  const environment = new Map(Object.entries(process.env));
  const folder = process.cwd();
  const umask = process.umask();
  const listeners = listenersNow();
  return {
    begin: () => {
      open.clear();
      hook.enable();
    },
    left: async () => {
      ours = true;
      const turn = nextTurn();
      ours = false;
      await turn;
      hook.disable();
      if (used !== null) return used;
      if (process.exitCode !== undefined) return 'an exit code';
      if (process.cwd() !== folder || process.umask() !== umask) return 'another working directory';
      if (!isSame(new Map(Object.entries(process.env)), environment)) return 'a changed environment';
      if (listenersNow() !== listeners) return 'a listener';
      if ([...noted].some(([object, before]) => !isSame(propertiesOf(object), before))) return 'a changed global';
      const [one] = [...open.values()].filter((type) => !passing.has(type));
      return one ? `something open (${one})` : null;
    },
  };
};

/** Says that this process may serve no other block, and why: packages of the user, say, keep what nobody sees. */
export const markUsed = (why: string): void => {
  used ??= why;
};

/** A built-in module that a block is about to import: one that is changed afterwards is noticed; some are too much for sharing a process. */
export const noteBuiltIn = (name: string): void => {
  if (unshared.has(name)) markUsed(`node:${name}`);
  const module = getBuiltIn(name) as object | undefined;
  if (module && !noted.has(module)) note(module);
};

let used: string | null = null;

/** They start what outlives a block, or reach what the notes below do not. */
const unshared = new Set(
  'async_hooks child_process cluster diagnostics_channel inspector inspector/promises module repl sqlite test trace_events v8 vm worker_threads'.split(
    ' ',
  ),
);

const getBuiltIn = process.getBuiltinModule;
process.getBuiltinModule = ((name: string) => {
  noteBuiltIn(name.replace(/^node:/, ''));
  return getBuiltIn(name);
}) as typeof getBuiltIn;

/** What is opened now is not the block's. */
let ours = false;
/** Open resources by number. Without promises: those end with what they wait for. */
const open = new Map<number, string>();
const hook = createHook({
  init: (id, type) => {
    if (!ours) open.set(id, type);
  },
  destroy: (id) => void open.delete(id),
  trackPromises: false,
} as Parameters<typeof createHook>[0]);
/** End by themselves within the turn. */
const passing = new Set(['TickObject', 'Microtask']);

const setImmediateOfOurs = setImmediate;
const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediateOfOurs(resolve));

type Properties = Map<PropertyKey, unknown>;
const noted = new Map<object, Properties>();
const note = (object: object): void => void noted.set(object, propertiesOf(object));

/** The globals, all constructors and name spaces among them, and their prototypes. */
const builtIns = (): Set<object> => {
  const found = new Set<object>([globalThis, process, console, ...outputs]);
  for (const name of Reflect.ownKeys(globalThis)) {
    const { value } = Object.getOwnPropertyDescriptor(globalThis, name) ?? {};
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) continue;
    found.add(value);
    if (typeof value === 'function' && value.prototype) found.add(value.prototype);
  }
  for (const instance of [
    [].values(),
    new Map().values(),
    (function* () {})(),
    (async function* () {})(),
    async () => {},
  ])
    for (let at = Object.getPrototypeOf(instance); at !== null; at = Object.getPrototypeOf(at)) found.add(at);
  return found;
};

/** They count what they write; of theirs only these are noted. */
const outputs = new Set<object>([process.stdout, process.stderr]);
const outputMethods = ['write', 'end', 'emit', '_write', '_writev'];

/** Each property's value, or its getter. Ours on globalThis are left out, and what the process counts about itself. */
const propertiesOf = (object: object): Properties => {
  if (outputs.has(object)) return new Map(outputMethods.map((name) => [name, Reflect.get(object, name)]));
  const properties: Properties = new Map();
  for (const key of Reflect.ownKeys(object)) {
    if (own.has(key)) continue;
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    properties.set(key, descriptor?.get ?? descriptor?.value);
  }
  return properties;
};

const own = new Set<PropertyKey>([
  Symbol.for('wand.tests'),
  Symbol.for('wand.query'),
  '_exiting',
  'exitCode',
  '_events',
  '_eventsCount',
]);

const isSame = (one: Properties, other: Properties): boolean =>
  one.size === other.size && [...one].every(([key, value]) => other.has(key) && Object.is(other.get(key), value));

const listenersNow = (): string =>
  JSON.stringify(process.eventNames().map((name) => [String(name), process.listenerCount(name)]));
