import { existsSync, readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { packageRoot } from '../../home/package-root.ts';
import type { BlockTask } from '../../model/block-task.ts';
import { WandError } from '../../problem/wand-error.ts';
import type { BlockDefinition } from '../../sdk/block.ts';
import { kindOf } from '../../sdk/kinds.ts';

/**
 * Imports the block's file and returns what it exports by default. Types are stripped here and not by Node's own loader,
 * which refuses files below node_modules (an installed wand has its samples there) and guesses the module format of others.
 */
export const loadBlock = async (task: BlockTask): Promise<BlockDefinition> => {
  if (!existsSync(task.file)) {
    throw new WandError('block-file-missing', `the file of block ${task.blockUuid} is not there: ${task.file}`, {
      fix: 'restore the file, or take the block out of the pipeline',
    });
  }
  installHooks();
  const module = (await import(pathToFileURL(task.file).href)) as { default?: unknown };
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

let installed = false;

const installHooks = (): void => {
  if (installed) return;
  installed = true;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'wand' ? { url: sdkUrl(), shortCircuit: true } : next(specifier, context),
    load: (url, context, next) => {
      if (!url.startsWith('file:') || !/\.m?ts$/.test(url)) return next(url, context);
      const path = fileURLToPath(url);
      const source = stripTypeScriptTypes(readFileSync(path, 'utf8'), { mode: 'strip', sourceUrl: path });
      return { format: 'module', source, shortCircuit: true };
    },
  });
};

const sdkUrl = (): string => {
  const fromSource = import.meta.filename.endsWith('.ts');
  const sdk = join(packageRoot(), ...(fromSource ? ['src', 'sdk', 'index.ts'] : ['dist', 'sdk.js']));
  return pathToFileURL(sdk).href;
};
