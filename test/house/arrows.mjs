// Keeps the arrows of the house: which folder may import which (docs/house.md). Run by `npm run check`.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** room -> rooms it may import. Every room may import itself; `model`, `problem` and `home` are leaves. */
export const arrows = {
  components: ['draw', 'model'],
  draw: ['model'],
  graph: [],
  model: [],
  problem: ['model'],
  home: ['problem'],
  sdk: ['model'],
  secrets: ['problem', 'home'],
  postgres: ['secrets', 'model', 'problem', 'home'],
  data: ['postgres', 'model', 'problem', 'home'],
  store: ['postgres', 'model', 'problem', 'home'],
  project: ['secrets', 'graph', 'model', 'problem', 'home'],
  blocks: ['data', 'postgres', 'project', 'secrets', 'sdk', 'model', 'problem', 'home'],
  engine: ['blocks', 'data', 'store', 'graph', 'project', 'postgres', 'secrets', 'model', 'problem', 'home'],
  tui: ['components', 'draw', 'engine', 'store', 'data', 'project', 'graph', 'postgres', 'model', 'problem', 'home'],
  cli: [
    'tui',
    'components',
    'draw',
    'engine',
    'store',
    'data',
    'project',
    'graph',
    'postgres',
    'secrets',
    'blocks',
    'model',
    'problem',
    'home',
  ],
};

/** Of the engine, screens and commands may see the client only. */
const engineClientOnly = new Set(['tui']);

const root = resolve(import.meta.dirname, '../..');
const sourceFiles = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));

const roomOf = (file) => {
  const parts = relative(root, file).split(sep);
  if (parts[0] === 'components') return 'components';
  return parts[0] === 'src' ? parts[1] : undefined;
};

const importsOf = (text) =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g)].map((match) => match[1]);

const broken = [];
for (const file of [...sourceFiles(join(root, 'src')), ...sourceFiles(join(root, 'components'))]) {
  const room = roomOf(file);
  if (!(room in arrows)) {
    broken.push(`${relative(root, file)}: the room "${room}" is not in test/house/arrows.mjs`);
    continue;
  }
  for (const specifier of importsOf(readFileSync(file, 'utf8'))) {
    const target = resolve(dirname(file), specifier);
    const other = roomOf(target);
    if (other === undefined || other === room) continue;
    if (!arrows[room].includes(other)) {
      broken.push(`${relative(root, file)}: ${room} must not import ${other} (${specifier})`);
    } else if (other === 'engine' && engineClientOnly.has(room) && !/engine\/client(\/|\.ts$)/.test(target)) {
      broken.push(`${relative(root, file)}: ${room} may import engine/client only (${specifier})`);
    }
  }
}

if (broken.length > 0) {
  console.error(`arrows of the house broken:\n${broken.map((line) => `  ${line}`).join('\n')}`);
  process.exit(1);
}
