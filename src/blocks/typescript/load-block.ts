import { existsSync, readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fileStamp } from '../../home/file-stamp.ts';
import { packageRoot } from '../../home/package-root.ts';
import type { BlockTask, CodePlace } from '../../model/block-task.ts';
import { WandError } from '../../problem/wand-error.ts';
import type { BlockDefinition } from '../../sdk/block.ts';
import { kindOf } from '../../sdk/kinds.ts';
import { declaredTests } from '../../sdk/test.ts';
import { sourceOf } from '../source-of.ts';
import { markUsed, noteBuiltIn } from './inventory.ts';
import { formatOf } from './module-format.ts';

/**
 * Imports the block's file and returns what it exports by default. Types are stripped here and not by Node's own loader,
 * which refuses files below node_modules (an installed wand has its samples there) and guesses the module format of others.
 */
export const loadBlock = async (task: BlockTask): Promise<BlockDefinition> => {
  code = task.code;
  if (!existsSync(sourceOf(code, task.file))) {
    throw new WandError('block-file-missing', `the file of block ${task.blockUuid} is not there: ${task.file}`, {
      fix: 'restore the file, or take the block out of the pipeline',
    });
  }
  installHooks();
  loaded += 1;
  declaredTests().length = 0;
  const module = (await import(fresh(pathToFileURL(task.file).href))) as { default?: unknown };
  return checkedDefinition(task, module.default);
};

const checkedDefinition = (task: BlockTask, exported: unknown): BlockDefinition => {
  const wanted = wrapperOf[task.blockType];
  if (wanted === undefined) {
    throw new WandError('block-type', `a block of type ${task.blockType} cannot be written in TypeScript`, {
      file: task.file,
      fix: `use one of: ${Object.keys(wrapperOf).join(', ')}`,
    });
  }
  const example = `export default ${wanted}(async ({ inputs }) => { ... })`;
  if (kindOf(exported) !== 'block') {
    const problem = exported === undefined ? 'has no default export' : 'exports something else than a block by default';
    throw new WandError('not-a-block', `${task.file} ${problem}`, {
      file: task.file,
      fix: `import { ${wanted} } from 'wand' and write: ${example}`,
    });
  }
  const definition = exported as BlockDefinition;
  if (definition.type !== task.blockType) {
    const found = wrapperOf[definition.type];
    throw new WandError(
      'wrong-wrapper',
      `${task.file} exports ${found}(...), but block ${task.blockUuid} is a ${task.blockType} in its pipeline`,
      { file: task.file, fix: `write ${example}, or change the block's type in the pipeline` },
    );
  }
  return definition;
};

const wrapperOf: Record<string, string> = {
  data_loader: 'loader',
  transformer: 'transformer',
  data_exporter: 'exporter',
  custom: 'custom',
};

/** What the first block of a process would wait for: the stripper, and the module that blocks import. For a child that was started ahead. */
export const warmLoader = async (): Promise<void> => {
  installHooks();
  stripTypeScriptTypes('const n: number = 1;', { mode: 'strip' });
  await import(sdkUrl());
};

/** Of the block that is being loaded: its modules are read as the run found them. */
let code: CodePlace | undefined;

let installed = false;
/** Blocks of this process so far: each has modules of its own. */
let loaded = 0;

const query = 'wand-block';

/** The first block of a process finds its modules under their plain names. */
const fresh = (url: string): string => (loaded > 1 ? `${url}?${query}=${loaded}` : url);

/** Files of the user are made anew for each block; what a package or a file of another kind keeps would be seen by the next. */
const resolved = (url: string, from: string | undefined): string => {
  if (from === undefined || isOurs(from)) return url;
  if (url.startsWith('node:')) noteBuiltIn(url.slice('node:'.length));
  if (!url.startsWith('file:') || isOurs(url)) return url;
  const isFresh = /\.m?ts$|\.mjs$/.test(url) && !url.includes('/node_modules/');
  if (isFresh) return fresh(url);
  markUsed('a package');
  return url;
};

const isOurs = (url: string): boolean => url.startsWith(ours);
const ours = pathToFileURL(join(packageRoot(), import.meta.filename.endsWith('.ts') ? 'src' : 'dist', '/')).href;

const installHooks = (): void => {
  if (installed) return;
  installed = true;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'wand'
        ? { url: sdkUrl(), shortCircuit: true }
        : placed(onlyKept(specifier, context.parentURL) ?? next(specifier, context), context.parentURL),
    load: (url, context, next) => {
      if (!url.startsWith('file:')) return next(url, context);
      const path = fileURLToPath(url);
      if (/\.m?ts$/.test(path)) return { format: 'module', source: strippedText(path), shortCircuit: true };
      const source = sourceOf(code, path);
      const format = source === path ? null : formatOf(source, context.format);
      return format === null
        ? next(url, context)
        : { format, source: readFileSync(source, 'utf8'), shortCircuit: true };
    },
  });
};

/** A module of the project, the block's own file too, that is gone from its folder, and that the run's snapshot has. */
const onlyKept = (specifier: string, from: string | undefined) => {
  if (!code || !/^(file:|\.\.?\/)/.test(specifier)) return null;
  const url = new URL(specifier, from);
  if (url.protocol !== 'file:') return null;
  const path = fileURLToPath(url);
  return existsSync(path) || sourceOf(code, path) === path ? null : { url: url.href, shortCircuit: true };
};

const placed = <Found extends { url: string }>(found: Found, from: string | undefined): Found => ({
  ...found,
  url: resolved(found.url, from),
});

const known = new Map<string, { stamp: string; text: string }>();

const strippedText = (path: string): string => {
  const source = sourceOf(code, path);
  const stamp = `${source} ${fileStamp(source)}`;
  const found = known.get(path);
  if (found?.stamp === stamp) return found.text;
  const text = stripTypeScriptTypes(readFileSync(source, 'utf8'), { mode: 'strip', sourceUrl: path });
  known.set(path, { stamp, text });
  return text;
};

const sdkUrl = (): string => {
  const fromSource = import.meta.filename.endsWith('.ts');
  const sdk = join(packageRoot(), ...(fromSource ? ['src', 'sdk', 'index.ts'] : ['dist', 'sdk.js']));
  return pathToFileURL(sdk).href;
};
