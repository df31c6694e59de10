// Joins what a bundle's entry loads at its start into one file. esbuild cuts it into a file for every set of parts that lazy imports share; each
// costs a start 0.3 to 0.5 ms to find, read and link.
import { renameSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/**
 * @param outputs esbuild's metafile.outputs of the bundle, paths from `root`. The entry keeps its name and its exports; the files joined into
 * it stay as doors to it, for what is loaded later: one copy of every module, as before.
 */
export const joinChunks = async (root, outputs, entry) => {
  const chunks = staticChunks(outputs, entry);
  const names = chunks.map((path, index) => outputs[path].exports.map((name) => [name, `chunk${index}_${name}`]));
  const all = [`export * from './${basename(entry)}';`];
  for (const [index, path] of chunks.entries()) all.push(exportList(names[index], basename(path)));
  const joined = `${entry}.joined`;
  await build({
    absWorkingDir: root,
    stdin: { contents: all.join('\n'), resolveDir: join(root, 'dist'), loader: 'js' },
    outfile: joined,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    minifyWhitespace: true,
    legalComments: 'none',
    plugins: [lazyStaysOut],
    logLevel: 'warning',
  });
  renameSync(join(root, joined), join(root, entry));
  for (const [index, path] of chunks.entries()) {
    const doors = names[index].map(([name, own]) => [own, name]);
    writeFileSync(join(root, path), `${exportList(doors, basename(entry))}\n`);
  }
};

const exportList = (names, file) =>
  names.length === 0
    ? `import './${file}';`
    : `export { ${names.map(([from, to]) => `${from} as ${to}`)} } from './${file}';`;

/** What is loaded at once with the entry, itself left out. */
const staticChunks = (outputs, entry) => {
  const found = new Set([entry]);
  for (const path of found)
    for (const { path: other, kind, external } of outputs[path].imports)
      if (kind === 'import-statement' && !external) found.add(other);
  found.delete(entry);
  return [...found];
};

/**
 * Lazy parts stay files. Node's own modules are taken without `import`: that reads each of their names, and so loads what Node would load when
 * somebody asks for it (Web Crypto, parseArgs, worker threads: 6 ms).
 */
const lazyStaysOut = {
  name: 'lazy-stays-out',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /.*/ }, ({ kind, path }) => {
      if (kind === 'dynamic-import') return { path, external: true };
      if (kind === 'import-statement' && isBuiltin(path)) return { path, namespace: 'builtin' };
      return kind === 'entry-point' || path.startsWith('.') ? undefined : { path, external: true };
    });
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};
