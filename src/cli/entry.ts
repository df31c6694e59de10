import { statePath } from '../home/paths.ts';

// Not by `import`, which reads every name of a module and loads what is behind it.
const { existsSync } = process.getBuiltinModule('node:fs');
const { enableCompileCache } = process.getBuiltinModule('node:module');

// Compiled code is kept between starts, in wand's own folder; without it a start compiles the bundle anew.
enableCompileCache(statePath('run', 'compile-cache'));

const [first, second, ...more] = process.argv.slice(2);
const isPath = first !== undefined && /^[./~]|\//.test(first) && existsSync(first);
const onlyDirectory = first === '-C' && second !== undefined && more.length === 0 && existsSync(second);

// `wand`, `wand ./DIR` and `wand -C DIR`; everything else is for the command parser, mistakes as well.
const isPlain = Boolean(process.env.ACCESSIBLE) && process.env.ACCESSIBLE !== '0';
if (!isPlain && (first === undefined || onlyDirectory || (isPath && second === undefined))) {
  const { href } = new URL('./workbench.js', import.meta.url);
  await (await import(href)).startWorkbench(onlyDirectory ? second : first);
} else {
  await import('./main.ts');
}
